import GRDB
import KeyManagement

/// The row of an alias in the table `alias`, which stores of before "2026-09 documents" have.
enum AliasRow {
    static let columns = """
        project_id, name, key_id, revision, changed_at, seal_epoch, seal, created_at
        """

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
