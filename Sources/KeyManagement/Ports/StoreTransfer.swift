/// A value of a column, in the types that all databases have.
package enum StoreValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
}

/// A table of a store. Every database has it under this name, with these columns.
package struct StoreTable: Hashable, Sendable {
    package let name: String
    package let columns: [String]

    private init(_ name: String, _ columns: String...) {
        self.name = name
        self.columns = columns
    }

    /// All tables, in the order in which a copy fills them.
    package static let all = [
        StoreTable(
            "document", "kind", "place", "revision", "seal_epoch", "seal", "wrap_epoch", "name", "group_key", "label",
            "rotation_at", "end_at", "expiry_at", "details", "content", "fixed"),
        StoreTable("state_member", "shard", "place", "digest"),
        StoreTable("wrapped_blob", "epoch", "digest", "owner_id", "number", "is_access_key"),
        StoreTable("version_use", "key_id", "number", "day", "produced", "consumed", "last_at"),
        StoreTable("key_use", "key_id", "subject", "verb", "count", "last_at"),
        StoreTable("credential_use", "hash", "last_at"),
        // Last: a store that belongs to a token is complete.
        StoreTable(
            "token_binding", "only_row", "label", "serial_number", "epoch", "check_value", "created_at",
            "closed_through"),
    ]
}

/// The movement of a whole store from one database to another.
///
/// Both calls block, and are for a store that nothing else changes.
package protocol StoreTransfer: Sendable {
    /// Passes on the rows of all tables as of one moment, in pieces, in the order of ``StoreTable/all``.
    func export(to receive: (StoreTable, [[StoreValue]]) throws -> Void) throws

    /// Fills an empty store with the rows that `produce` passes on, all or nothing.
    ///
    /// - Throws: ``StoreError/conflict`` if the store is not empty.
    func fill(from produce: (_ receive: (StoreTable, [[StoreValue]]) throws -> Void) throws -> Void) throws
}

extension StoreTransfer {
    /// The number of rows in a piece.
    package static var pieceCount: Int { 500 }

    /// Fills an empty store with all that another one has.
    package func fill(from other: any StoreTransfer) throws {
        try fill { receive in try other.export(to: receive) }
    }
}
