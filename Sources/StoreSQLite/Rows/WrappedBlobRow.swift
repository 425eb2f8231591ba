import Foundation
import GRDB
import KeyManagement

/// How a wrapped key that was once stored stands in the table `wrapped_blob`.
enum WrappedBlobRow {
    static let columns = "digest, owner_id, number"

    /// Registers what a version or import job has, if it has something.
    static func register(_ wrapped: WrappedKey?, of owner: WrappedBlob.Owner, in db: Database) throws {
        guard let wrapped else { return }
        try register(WrappedBlob(digest: wrapped.digest, owner: owner), under: wrapped.epoch, in: db)
    }

    static func register(_ blob: WrappedBlob, under epoch: RootEpoch, in db: Database) throws {
        let (id, number): ([UInt8], UInt32) =
            switch blob.owner {
            case .version(let version): (version.key.bytes, version.number.value)
            case .importJob(let job): (job.bytes, 0)
            }
        try db.run(
            "INSERT OR IGNORE INTO wrapped_blob (epoch, digest, owner_id, number) VALUES (?, ?, ?, ?)",
            [epoch.number, Data(blob.digest), Data(id), number])
    }

    static func record(_ row: Row) throws(StoreError) -> WrappedBlob {
        let reader = RowReader(row, record: "a wrapped key of before")
        let number: UInt32 = try reader.integer("number")
        let digest = try reader.blob("digest", count: 32)
        guard number > 0 else {
            guard let job = ImportJobID(bytes: try reader.blob("owner_id")) else { throw reader.malformed("owner_id") }
            return WrappedBlob(digest: digest, owner: .importJob(job))
        }
        let version = VersionID(key: try reader.keyID("owner_id"), number: try reader.versionNumber("number"))
        return WrappedBlob(digest: digest, owner: .version(version))
    }
}
