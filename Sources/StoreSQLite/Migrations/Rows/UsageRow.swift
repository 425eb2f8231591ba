import GRDB
import KeyManagement

/// The row of a version's reserved uses in the table `version_usage`, which stores of before "2026-09 documents" have.
enum UsageRow {
    static let columns = """
        key_id, number, reserved, seal_epoch, seal
        """

    static func record(_ row: Row) throws(StoreError) -> Sealed<UsageRecord> {
        let reader = RowReader(row, record: "the usage of a version")
        let record = UsageRecord(
            version: try VersionRow.id(row),
            reserved: try reader.integer("reserved"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
