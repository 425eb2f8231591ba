import Foundation
import GRDB
import KeyManagement

/// The row of an alias in the table `alias`.
enum AliasRow {
    static let columns = """
        project_id, name, key_id, revision, changed_at, seal_epoch, seal, created_at
        """

    static let insert = """
        INSERT INTO alias (\(columns)) VALUES (
            :project_id, :name, :key_id, :revision, :changed_at, :seal_epoch, :seal, :created_at)
        """

    /// The statement that moves an alias, if its row is one revision behind.
    static let update = """
        UPDATE alias SET
            key_id = :key_id, revision = :revision, changed_at = :changed_at, seal_epoch = :seal_epoch, seal = :seal,
            created_at = :created_at
        WHERE project_id = :project_id AND name = :name AND revision = :revision - 1
        """

    static func arguments(of sealed: Sealed<AliasRecord>) throws(StoreError) -> StatementArguments {
        let record = sealed.unverified
        return [
            "project_id": record.project.text,
            "name": record.name.text,
            "key_id": Data(record.key.bytes),
            "revision": try exact(record.revision, "revision", of: record.sealedName),
            "changed_at": record.changedAt.milliseconds,
            "created_at": record.createdAt?.milliseconds,
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<AliasRecord> {
        let reader = RowReader(row, record: "an alias")
        let record = AliasRecord(
            project: try reader.project("project_id"),
            name: try reader.domain("name") { (text) throws(KMSError) in try KeyName(alias: text) },
            key: try reader.keyID("key_id"),
            revision: try reader.integer("revision"),
            changedAt: try reader.time("changed_at"),
            createdAt: try reader.optionalTime("created_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
