package import KeyManagement

// The token that the store belongs to, and its root epochs.
extension PostgresKeyStore {
    package func binding() async throws(StoreError) -> TokenBinding? {
        try await read(Statement("SELECT \(TokenBindingRow.columns) FROM kms.token_binding")) {
            rows throws(StoreError) in
            try rows.first("the token binding", TokenBindingRow.record)
        }
    }

    package func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] {
        let statements = ["seal_epoch", "wrap_epoch"].map { column in
            Statement(
                "SELECT \(column), count(*) FROM kms.document WHERE \(column) IS NOT NULL GROUP BY \(column)")
        }
        return try await readAll(statements) { rows throws(StoreError) in
            var uses: [RootEpoch: EpochUse] = [:]
            for (epoch, count) in try rows[0].map("the epochs of documents", Self.epochAndCount) {
                uses[epoch, default: EpochUse()].sealed = count
            }
            for (epoch, count) in try rows[1].map("the epochs of documents", Self.epochAndCount) {
                uses[epoch, default: EpochUse()].wrapped = count
            }
            return uses
        }
    }

    private static func epochAndCount(_ row: RowReader) throws(StoreError) -> (RootEpoch, Int) {
        (try row.epoch(0), try row.integer(1))
    }

    package func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        guard epoch.next != nil else { throw .conflict }
        // Alone, because a transaction that has begun may be writing a record under the epoch.
        let close = Statement(
            """
            UPDATE kms.token_binding SET closed_through = greatest(closed_through, $1)
            WHERE NOT EXISTS (SELECT 1 FROM kms.document WHERE seal_epoch <= $1 OR wrap_epoch <= $1)
            """, .integer(epoch.number))
        _ = try await transact([
            TransactionStep(.lockAlone), TransactionStep(close, requires: .one(else: .conflict)),
        ])
    }

    package func blobEpochs() async throws(StoreError) -> [RootEpoch] {
        try await read(Statement("SELECT DISTINCT epoch FROM kms.wrapped_blob ORDER BY epoch")) {
            rows throws(StoreError) in
            try rows.map("the epochs of wrapped keys") { row throws(StoreError) in try row.epoch(0) }
        }
    }

    package func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        let statement = Statement(
            """
            SELECT \(WrappedBlobRow.columns) FROM kms.wrapped_blob WHERE epoch = $1 AND digest > $2 ORDER BY digest LIMIT $3
            """, .integer(epoch.number), .bytes(cursor ?? []), .integer(max(0, limit)))
        return try await read(statement) { rows throws(StoreError) in
            try rows.map("a wrapped key of before", WrappedBlobRow.record)
        }
    }
}
