package import KeyManagement

// The state digest.
extension PostgresKeyStore {
    package func members(of shard: ShardIndex) async throws(StoreError) -> ShardDocument {
        guard case .place(let kind, let place) = shard.address else { return ShardDocument(shard: nil, members: []) }
        let statements = [
            Statement(
                "SELECT \(DocumentRow.columns) FROM kms.document WHERE kind = $1 AND place = $2",
                .text(kind.rawValue), .bytes(place)),
            Statement("SELECT place, digest FROM kms.state_member WHERE shard = $1", .integer(shard.number)),
        ]
        return try await readAll(statements) { rows throws(StoreError) in
            let members = try rows[1].map("shard \(shard.number) of the state digest") { row throws(StoreError) in
                StateMember(shard: shard, place: try row.bytes(0), digest: try row.bytes(1))
            }
            return ShardDocument(shard: try DocumentRow.documents(rows[0]).first, members: members)
        }
    }

    package func digests(of members: [StatePlace]) async throws(StoreError) -> [[UInt8]?] {
        guard !members.isEmpty else { return [] }
        let statements = members.map { member in
            Statement(
                "SELECT digest FROM kms.state_member WHERE shard = $1 AND place = $2", .integer(member.shard.number),
                .bytes(member.bytes))
        }
        return try await readAll(statements) { rows throws(StoreError) in
            rows.map { $0.count > 0 ? $0.bytes(0, 0) : nil }
        }
    }

    package func shardDocuments() async throws(StoreError) -> ShardDocuments {
        // Rows of other kinds are no records: nothing reads them, and they make up for none that is missing.
        let kinds = RecordKind.allCases.filter { $0 != .shard }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let count = Statement(
            """
            SELECT (SELECT count(*) FROM kms.document WHERE kind IN (\(kinds)))
                + (SELECT count(*) FROM kms.document WHERE kind = 'key') + (SELECT count(*) FROM kms.wrapped_blob)
            """)
        let shards = DocumentQuery(.shard, limit: ShardIndex.count).statement
        return try await readAll([count, shards]) { rows throws(StoreError) in
            ShardDocuments(
                shards: try DocumentRow.documents(rows[1]), records: UInt64(clamping: rows[0].integer(0, 0) ?? 0))
        }
    }
}
