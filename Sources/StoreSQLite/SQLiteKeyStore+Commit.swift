import Foundation
import GRDB
package import KeyManagement

// Writing documents.
extension SQLiteKeyStore {
    package func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        let (resealed, hasErased) = try await self.transaction { db in
            var count = ChangeCount()
            try Self.write(transaction, &count, in: db)
            let hasErased = transaction.erases && count.removed > 0
            if hasErased { try markErasure(in: db) }
            return (count.resealed, hasErased)
        }
        await clean(within: hasErased ? Self.firstCleaningTimeout : Self.laterCleaningTimeout)
        return resealed
    }

    /// The number of documents that a transaction resealed, and that it replaced or deleted.
    private struct ChangeCount {
        var resealed = 0
        var removed = 0
    }

    private static func write(
        _ transaction: StoreTransaction, _ count: inout ChangeCount, in db: Database
    ) throws {
        switch transaction.binding {
        case nil: break
        // A second row violates the primary key: a conflict.
        case .first(let binding): try db.run(TokenBindingRow.insert, TokenBindingRow.arguments(of: binding))
        case .later(let binding):
            try db.run(TokenBindingRow.update, TokenBindingRow.arguments(of: binding))
            guard db.changesCount == 1 else { throw StoreError.conflict }
        }
        if transaction.clearsState {
            try db.run("DELETE FROM document WHERE kind = 'shard'", [])
            try db.run("DELETE FROM state_member", [])
        }
        for change in transaction.changes { try apply(change, &count, in: db) }
        for member in transaction.members { try StateMemberRow.write(member, in: db) }
    }

    private static func apply(_ change: DocumentChange, _ count: inout ChangeCount, in db: Database) throws {
        switch change {
        case .insert(let write):
            try insert(write, in: db)
            try finish(write, in: db)
        case .replace(let write, let revision):
            try replace(write, from: revision, in: db)
            count.removed += 1
            try finish(write, in: db)
        case .reseal(let write, let seal, let isOptional):
            let arguments = try DocumentRow.resealArguments(of: write.document)
            try db.run(
                DocumentRow.reseal, arguments &+ ["old_epoch": seal.epoch.number, "old_seal": Data(seal.code)])
            guard db.changesCount == 1 else {
                guard isOptional else { throw StoreError.conflict }
                return
            }
            count.resealed += 1
            try finish(write, in: db)
        case .delete(let kind, let place, let revision):
            count.removed += try delete(kind, place, from: revision, in: db)
        case .deleteGroup(let group, let aliases):
            count.removed += try delete(group, aliases: aliases, in: db)
        }
    }

    private static func insert(_ write: DocumentWrite, in db: Database) throws {
        let document = write.document
        do {
            try db.run(DocumentRow.insert, try DocumentRow.arguments(of: write))
        } catch let error as DatabaseError where error.violatesUniqueness {
            // Place and name may both be taken. The place takes precedence.
            let isPlaceTaken = try exists(.place(document.kind, document.place), in: db)
            throw isPlaceTaken ? document.kind.collision : document.kind.nameCollision
        }
    }

    private static func replace(_ write: DocumentWrite, from revision: UInt64, in db: Database) throws {
        let kind = write.document.kind
        let from = try exact(revision, "revision", of: kind.name(of: write.document.place))
        do {
            try db.run(DocumentRow.replace, try DocumentRow.arguments(of: write) &+ ["from": from])
        } catch let error as DatabaseError where error.violatesUniqueness {
            throw kind.nameCollision
        }
        guard db.changesCount == 1 else { throw kind.collision }
    }

    /// Checks the owner of a document that was written, and registers its wrapped key.
    private static func finish(_ write: DocumentWrite, in db: Database) throws {
        if let owner = write.owner {
            guard try exists(owner, in: db) else { throw StoreError.conflict }
        }
        guard let blob = write.blob, let epoch = write.document.wrapEpoch else { return }
        try WrappedBlobRow.register(blob, under: epoch, in: db)
    }

    private static func exists(_ address: DocumentAddress, in db: Database) throws -> Bool {
        switch address {
        case .place(let kind, let place):
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM document WHERE kind = ? AND place = ?")
            return try Int.fetchOne(statement, arguments: [kind.rawValue, Data(place)]) != nil
        case .name(let name):
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM document WHERE name = ?")
            return try Int.fetchOne(statement, arguments: [Data(name)]) != nil
        }
    }

    private static func delete(
        _ kind: RecordKind, _ place: [UInt8], from revision: UInt64?, in db: Database
    ) throws -> Int {
        guard let revision else {
            try db.run("DELETE FROM document WHERE kind = ? AND place = ?", [kind.rawValue, Data(place)])
            return db.changesCount
        }
        let from = try exact(revision, "revision", of: kind.name(of: place))
        try db.run(
            "DELETE FROM document WHERE kind = ? AND place = ? AND revision = ?", [kind.rawValue, Data(place), from])
        guard db.changesCount == 1 else { throw StoreError.conflict }
        return 1
    }

    private static func delete(_ group: [UInt8], aliases: Int, in db: Database) throws -> Int {
        let key = Data(group)
        try db.run("DELETE FROM document WHERE group_key = ? AND kind = 'alias'", [key])
        // An alias was set or moved meanwhile.
        guard db.changesCount == aliases else { throw StoreError.conflict }
        try db.run("DELETE FROM version_use WHERE key_id = ?", [key])
        try db.run("DELETE FROM document WHERE group_key = ?", [key])
        return db.changesCount
    }
}

extension Database {
    /// Runs one statement that is cached for reuse.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension DatabaseError {
    fileprivate var violatesUniqueness: Bool {
        extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY || extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
    }
}
