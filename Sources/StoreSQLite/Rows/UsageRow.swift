import Foundation
import GRDB
import KeyManagement

/// The row of a version's reserved uses in the table `version_usage`.
enum UsageRow {
    static let columns = """
        key_id, number, reserved, seal_epoch, seal
        """

    static let insert = """
        INSERT INTO version_usage (\(columns)) VALUES (
            :key_id, :number, :reserved, :seal_epoch, :seal)
        """

    /// The statement that raises the reserved uses, if the row has `from` of them.
    static let update = """
        UPDATE version_usage SET reserved = :reserved, seal_epoch = :seal_epoch, seal = :seal
        WHERE key_id = :key_id AND number = :number AND reserved = :from
        """

    static func arguments(of sealed: Sealed<UsageRecord>) throws(StoreError) -> StatementArguments {
        let record = sealed.unverified
        return [
            "key_id": Data(record.version.key.bytes),
            "number": record.version.number.value,
            "reserved": try exact(record.reserved, "reserved", of: record.sealedName),
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

    static func record(_ row: Row) throws(StoreError) -> Sealed<UsageRecord> {
        let reader = RowReader(row, record: "the usage of a version")
        let record = UsageRecord(
            version: try VersionRow.id(row),
            reserved: try reader.integer("reserved"))
        return Sealed(unverified: record, seal: try reader.seal())
    }
}
