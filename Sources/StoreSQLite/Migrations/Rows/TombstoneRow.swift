import GRDB
import KeyManagement

/// The row of a deleted key's remains in the table `tombstone`, which stores of before "2026-09 documents" have.
enum TombstoneRow {
    static let columns = """
        key_id, project_id, name, record_digest, deleted_at, seal_epoch, seal
        """

    static func record(_ row: Row) throws(StoreError) -> Sealed<KeyTombstone> {
        let reader = RowReader(row, record: "a tombstone")
        let record = KeyTombstone(
            id: try reader.keyID("key_id"),
            project: try reader.project("project_id"),
            name: try reader.domain("name") { (text) throws(KMSError) in try KeyName(text) },
            recordDigest: try reader.blob("record_digest", count: 32),
            deletedAt: try reader.time("deleted_at"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
