import Foundation
import GRDB
import KeyManagement

/// How a credential stands in the table `credential`.
enum CredentialRow {
    static let columns = "hash, subject, project_id, role, created_at, seal_epoch, seal"

    static let insert = """
        INSERT INTO credential (\(columns)) VALUES (
            :hash, :subject, :project_id, :role, :created_at, :seal_epoch, :seal)
        """

    static func arguments(of sealed: Sealed<CredentialRecord>) -> StatementArguments {
        let credential = sealed.unverified
        return [
            "hash": Data(credential.hash.bytes),
            "subject": credential.subject.text,
            "project_id": credential.project.text,
            "role": credential.role.rawValue,
            "created_at": credential.createdAt.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<CredentialRecord> {
        let reader = RowReader(row, record: "a credential")
        let record = CredentialRecord(
            hash: CredentialHash(bytes: try reader.blob("hash", count: 32)),
            subject: try reader.domain("subject") { (text) throws(KMSError) in try SubjectID(text) },
            project: try reader.project("project_id"),
            role: try reader.member("role"),
            createdAt: try reader.time("created_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
