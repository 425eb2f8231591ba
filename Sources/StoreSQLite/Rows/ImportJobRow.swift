import Foundation
import GRDB
import KeyManagement

/// The row of an import job in the table `import_job`.
enum ImportJobRow {
    static let columns = """
        id, project_id, subject, wrapping_algorithm, method, public_key, wrap_mechanism, wrap_epoch, wrapped_key, created_at, expires_at, seal_epoch, seal
        """

    static let insert = """
        INSERT INTO import_job (\(columns)) VALUES (
            :id, :project_id, :subject, :wrapping_algorithm, :method, :public_key, :wrap_mechanism, :wrap_epoch, :wrapped_key, :created_at, :expires_at, :seal_epoch, :seal)
        """

    static func id(_ row: Row) throws(StoreError) -> ImportJobID {
        let reader = RowReader(row, record: "an import job")
        guard let id = ImportJobID(bytes: try reader.blob("id")) else { throw reader.malformed("id") }
        return id
    }

    static func arguments(of sealed: Sealed<ImportJob>) throws(StoreError) -> StatementArguments {
        let record = sealed.unverified
        return [
            "id": Data(record.id.bytes),
            "project_id": record.project.text,
            "subject": record.subject.text,
            "wrapping_algorithm": record.wrappingAlgorithm.rawValue,
            "method": record.method.rawValue,
            "public_key": Data(record.publicKey.der),
            "wrap_mechanism": record.wrapped.mechanism.rawValue,
            "wrap_epoch": record.wrapped.epoch.number,
            "wrapped_key": Data(record.wrapped.blob),
            "created_at": record.createdAt.milliseconds,
            "expires_at": record.expiresAt.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<ImportJob> {
        let reader = RowReader(row, record: "an import job")
        let record = ImportJob(
            id: try id(row),
            project: try reader.project("project_id"),
            subject: try reader.domain("subject") { (text) throws(KMSError) in try SubjectID(text) },
            wrappingAlgorithm: try reader.member("wrapping_algorithm"),
            method: try reader.member("method"),
            publicKey: PublicKeyInfo(der: try reader.blob("public_key", atMost: 1024)),
            wrapped: try reader.wrappedKey(),
            createdAt: try reader.time("created_at"),
            expiresAt: try reader.time("expires_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
