import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func binding() async throws(StoreError) -> TokenBinding? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(TokenBindingRow.columns) FROM token_binding")
            return try Row.fetchOne(statement).map { try TokenBindingRow.record($0) }
        }
    }

    public func initialize(
        binding: TokenBinding, directory: [Sealed<DirectoryDocument>], state: StateChange
    ) async throws(StoreError) {
        try await write { db in
            // A second row would violate the primary key: a conflict.
            try db.run(TokenBindingRow.insert, TokenBindingRow.arguments(of: binding))
            for document in directory { try Self.save(document, in: db) }
            try StateRow.apply(state, in: db)
        }
    }

    public func document(
        _ kind: DirectoryKind, _ key: String
    ) async throws(StoreError) -> Sealed<DirectoryDocument>? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(DirectoryRow.columns) FROM directory WHERE kind = ? AND name = ?")
            return try Row.fetchOne(statement, arguments: [kind.rawValue, key]).map { try DirectoryRow.record($0) }
        }
    }

    public func documents(
        _ kind: DirectoryKind, of parent: String?, after cursor: String?, limit: Int
    ) async throws(StoreError) -> [Sealed<DirectoryDocument>] {
        let condition = parent == nil ? "" : "AND parent = :parent"
        // Every name sorts after the empty text.
        let sql = """
            SELECT \(DirectoryRow.columns) FROM directory WHERE kind = :kind \(condition) AND name > :cursor
            ORDER BY name LIMIT :limit
            """
        var arguments: StatementArguments = [
            "kind": kind.rawValue, "cursor": cursor ?? "", "limit": max(0, limit),
        ]
        if let parent { arguments += ["parent": parent] }
        let all = arguments
        return try await read { db in
            try Row.fetchAll(db.cachedStatement(sql: sql), arguments: all).map { try DirectoryRow.record($0) }
        }
    }

    public func save(_ documents: [Sealed<DirectoryDocument>], state: StateChange) async throws(StoreError) {
        // A deleted access key loses its secret: the old blob must not remain in any file of the store.
        try await erase { db in
            for document in documents { try Self.save(document, in: db) }
            try StateRow.apply(state, in: db)
            return documents.contains { $0.unverified.hasLostItsKey }
        }
    }

    static func save(_ sealed: Sealed<DirectoryDocument>, in db: Database) throws {
        let document = sealed.unverified
        // A second document of that name violates the primary key: a conflict.
        try db.run(
            document.revision == 1 ? DirectoryRow.insert : DirectoryRow.update, try DirectoryRow.arguments(of: sealed))
        try db.requireOneChange()
        if let owner = document.wrappedOwner { try WrappedBlobRow.register(document.wrapped, of: owner, in: db) }
        // Keys refer to their project.
        guard document.kind == .project, document.revision == 1 else { return }
        try db.run("INSERT OR IGNORE INTO project (id, created_at) VALUES (?, 0)", [document.key])
    }

    public func noteUses(_ uses: [CredentialHash: Timestamp]) async throws(StoreError) {
        try await write { db in
            for (hash, time) in uses {
                try db.run(
                    """
                    INSERT INTO credential_use (hash, last_at) VALUES (:hash, :time)
                    ON CONFLICT (hash) DO UPDATE SET last_at = max(last_at, :time)
                    """, ["hash": Data(hash.bytes), "time": time.milliseconds])
            }
        }
    }

    public func lastUse(of credential: CredentialHash) async throws(StoreError) -> Timestamp? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT last_at FROM credential_use WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [Data(credential.bytes)]).map {
                try RowReader($0, record: "the last use of a credential").time("last_at")
            }
        }
    }
}
