import Foundation
import GRDB
import KeyManagement

/// The rows of the state digest in the tables `state_shard` and `state_member`.
enum StateRow {
    static let columns = "shard, counter, member_count, blind, sum, seal_epoch, seal"

    private static let insert = """
        INSERT INTO state_shard (\(columns)) VALUES (
            :shard, :counter, :member_count, :blind, :sum, :seal_epoch, :seal)
        """

    /// The statement that changes a shard with a known counter.
    private static let update = """
        UPDATE state_shard SET
            counter = :counter, member_count = :member_count, blind = :blind, sum = :sum, seal_epoch = :seal_epoch,
            seal = :seal
        WHERE shard = :shard AND counter = :replaced
        """

    /// Applies a transaction's changes to the state digest, at the transaction's end.
    static func apply(_ change: StateChange, in db: Database) throws {
        for shard in change.shards {
            try write(shard, replacing: shard.unverified.counter &- 1, in: db)
        }
        for member in change.members { try write(member, in: db) }
    }

    /// Writes a shard.
    ///
    /// - Parameter counter: the counter in the shard's row; 0 if there is no row.
    static func write(_ shard: Sealed<StateShard>, replacing counter: UInt64, in db: Database) throws {
        do {
            if counter == 0 {
                try db.run(insert, try arguments(of: shard))
            } else {
                let replaced = try exact(counter, "counter", of: shard.unverified.sealedName)
                try db.run(update, try arguments(of: shard) &+ ["replaced": replaced])
            }
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
            || error.extendedResultCode == .SQLITE_CONSTRAINT_ROWID
        {
            throw StoreError.stateMoved
        }
        guard db.changesCount == 1 else { throw StoreError.stateMoved }
    }

    static func write(_ member: StateMember, in db: Database) throws {
        let place = Data(member.place)
        guard let digest = member.digest else {
            return try db.run(
                "DELETE FROM state_member WHERE shard = ? AND place = ?", [member.shard.number, place])
        }
        try db.run(
            "INSERT OR REPLACE INTO state_member (shard, place, digest) VALUES (?, ?, ?)",
            [member.shard.number, place, Data(digest)])
    }

    private static func arguments(of sealed: Sealed<StateShard>) throws(StoreError) -> StatementArguments {
        let shard = sealed.unverified
        return [
            "shard": shard.index.number,
            "counter": try exact(shard.counter, "counter", of: shard.sealedName),
            "member_count": try exact(shard.count, "member_count", of: shard.sealedName),
            "blind": Data(shard.blind),
            "sum": Data(shard.sum),
            "seal_epoch": sealed.seal.epoch.number,
            "seal": Data(sealed.seal.code),
        ]
    }

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
