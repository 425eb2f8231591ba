import Foundation
import GRDB
import KeyManagement

/// The row of a member of the state digest, in the table `state_member`.
enum StateMemberRow {
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
}
