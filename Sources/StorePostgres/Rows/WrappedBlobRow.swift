import KeyManagement

/// The row of a wrapped key that was ever stored, in the table `kms.wrapped_blob`.
enum WrappedBlobRow {
    static let columns = "digest, owner_id, number, is_access_key"

    /// Returns the statement that registers a wrapped key.
    static func register(_ blob: WrappedBlob, under epoch: RootEpoch) -> Statement {
        let (owner, number, isAccessKey): ([UInt8], UInt32, Int) =
            switch blob.owner {
            case .version(let version): (version.key.bytes, version.number.value, 0)
            case .importJob(let job): (job.bytes, 0, 0)
            case .accessKey(let id): (id.bytes, 0, 1)
            }
        return Statement(
            "INSERT INTO kms.wrapped_blob (epoch, \(columns)) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            .integer(epoch.number), .bytes(blob.digest), .bytes(owner), .integer(number), .integer(isAccessKey))
    }

    static func record(_ row: RowReader) throws(StoreError) -> WrappedBlob {
        let digest = try row.bytes(0, count: 32)
        let owner = try row.bytes(1)
        let number: UInt32 = try row.integer(2)
        let isAccessKey: Int = try row.integer(3)
        if isAccessKey != 0 {
            guard let id = AccessKeyID(bytes: owner) else { throw row.malformed(1) }
            return WrappedBlob(digest: digest, owner: .accessKey(id))
        }
        guard let number = VersionNumber(number) else {
            guard let job = ImportJobID(bytes: owner) else { throw row.malformed(1) }
            return WrappedBlob(digest: digest, owner: .importJob(job))
        }
        guard let key = KeyID(bytes: owner) else { throw row.malformed(1) }
        return WrappedBlob(digest: digest, owner: .version(VersionID(key: key, number: number)))
    }
}
