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
        binding: TokenBinding, project: ProjectID, credentials: [Sealed<CredentialRecord>]
    ) async throws(StoreError) {
        try await write { db in
            // A second row would break the primary key: a conflict.
            try db.run(TokenBindingRow.insert, TokenBindingRow.arguments(of: binding))
            try db.run(
                "INSERT INTO project (id, created_at) VALUES (?, ?)", [project.text, binding.createdAt.milliseconds])
            for credential in credentials {
                try db.run(CredentialRow.insert, CredentialRow.arguments(of: credential))
            }
        }
    }

    public func credential(_ hash: CredentialHash) async throws(StoreError) -> Sealed<CredentialRecord>? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(CredentialRow.columns) FROM credential WHERE hash = ?")
            return try Row.fetchOne(statement, arguments: [Data(hash.bytes)]).map { try CredentialRow.record($0) }
        }
    }
}
