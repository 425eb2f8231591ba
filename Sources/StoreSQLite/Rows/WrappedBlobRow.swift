import Foundation
import GRDB
import KeyManagement

/// The row of a wrapped key that was ever stored, in the table `wrapped_blob`.
enum WrappedBlobRow {
    static let columns = "digest, owner_id, number, is_access_key"

    /// Registers the wrapped key of a version or import job, if it has one.
    static func register(_ wrapped: WrappedKey?, of owner: WrappedBlob.Owner, in db: Database) throws {
        guard let wrapped else { return }
        try register(WrappedBlob(digest: wrapped.digest, owner: owner), under: wrapped.epoch, in: db)
    }

    static func register(_ blob: WrappedBlob, under epoch: RootEpoch, in db: Database) throws {
        switch blob.owner {
        case .version(let version):
            let sql = "INSERT OR IGNORE INTO wrapped_blob (epoch, digest, owner_id, number) VALUES (?, ?, ?, ?)"
            let id = Data(version.key.bytes)
            try db.run(sql, [epoch.number, Data(blob.digest), id, version.number.value])
        case .importJob(let job):
            let sql = "INSERT OR IGNORE INTO wrapped_blob (epoch, digest, owner_id, number) VALUES (?, ?, ?, 0)"
            try db.run(sql, [epoch.number, Data(blob.digest), Data(job.bytes)])
        case .accessKey(let id):
            let sql = """
                INSERT OR IGNORE INTO wrapped_blob (epoch, digest, owner_id, number, is_access_key) VALUES (?, ?, ?, 0, 1)
                """
            try db.run(sql, [epoch.number, Data(blob.digest), Data(id.bytes)])
        }
    }

    static func record(_ row: Row) throws(StoreError) -> WrappedBlob {
        let reader = RowReader(row, record: "a wrapped key of before")
        let number: UInt32 = try reader.integer("number")
        let digest = try reader.blob("digest", count: 32)
        let flag: Int = try reader.integer("is_access_key")
        guard flag == 0 else {
            guard let id = AccessKeyID(bytes: try reader.blob("owner_id")) else { throw reader.malformed("owner_id") }
            return WrappedBlob(digest: digest, owner: .accessKey(id))
        }
        guard number > 0 else {
            guard let job = ImportJobID(bytes: try reader.blob("owner_id")) else { throw reader.malformed("owner_id") }
            return WrappedBlob(digest: digest, owner: .importJob(job))
        }
        let version = VersionID(key: try reader.keyID("owner_id"), number: try reader.versionNumber("number"))
        return WrappedBlob(digest: digest, owner: .version(version))
    }
}
