import GRDB
import KeyManagement

/// The row of a shard in the table `state_shard`, which stores of before "2026-09 documents" have.
enum StateRow {
    static let columns = "shard, counter, member_count, blind, sum, seal_epoch, seal"

    static func record(_ row: Row) throws(StoreError) -> Sealed<StateShard> {
        let reader = RowReader(row, record: "a shard of the state digest")
        let shard = StateShard(
            index: try index(reader),
            counter: try reader.integer("counter"),
            count: try reader.integer("member_count"),
            blind: try reader.blob("blind", count: StateShard.blindByteCount),
            sum: try reader.blob("sum", count: StateShard.sumByteCount))
        return Sealed(unverified: shard, seal: try reader.seal())
    }

    private static func index(_ reader: RowReader) throws(StoreError) -> ShardIndex {
        guard let index = ShardIndex(try reader.integer("shard")) else { throw reader.malformed("shard") }
        return index
    }
}
