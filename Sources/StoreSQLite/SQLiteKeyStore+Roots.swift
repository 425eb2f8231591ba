import Foundation
import GRDB
public import KeyManagement

extension SQLiteKeyStore {
    public func rebind(to binding: TokenBinding) async throws(StoreError) {
        try await write { db in
            try db.run(
                """
                UPDATE token_binding SET
                    label = :label, serial_number = :serial_number, epoch = :epoch, check_value = :check_value,
                    created_at = :created_at
                WHERE epoch < :epoch
                """, TokenBindingRow.arguments(of: binding))
            try db.requireOneChange()
        }
    }

    public func epochUses() async throws(StoreError) -> [RootEpoch: EpochUse] {
        try await read { db in
            var uses: [RootEpoch: EpochUse] = [:]
            for table in SealedTable.all {
                try Self.count("seal_epoch", of: table, in: db) { uses[$0, default: EpochUse()].sealed += $1 }
                guard table.wraps else { continue }
                try Self.count("wrap_epoch", of: table, in: db) { uses[$0, default: EpochUse()].wrapped += $1 }
            }
            return uses
        }
    }

    private static func count(
        _ column: String, of table: SealedTable, in db: Database, _ note: (RootEpoch, Int) -> Void
    ) throws {
        let sql = """
            SELECT \(column) AS epoch, count(*) AS count FROM \(table.name) WHERE \(column) IS NOT NULL GROUP BY \(column)
            """
        for row in try Row.fetchAll(db.cachedStatement(sql: sql)) {
            let reader = RowReader(row, record: "the epochs of \(table.name)")
            note(try reader.epoch("epoch"), try reader.integer("count"))
        }
    }

    public func records(
        of kind: RecordKind, before epoch: RootEpoch, after cursor: RecordPlace?, limit: Int
    ) async throws(StoreError) -> [StoredRecord] {
        guard let table = SealedTable.of(kind) else { return [] }
        var arguments: StatementArguments = ["epoch": epoch.number, "limit": max(0, limit)]
        if let cursor { arguments += cursor.arguments }
        let all = arguments
        return try await read { db in
            let statement = try db.cachedStatement(sql: table.select(afterPlace: cursor != nil))
            return try Row.fetchAll(statement, arguments: all).map { try table.record($0) }
        }
    }

    public func replace(_ replacements: [SealReplacement], state: StateChange) async throws(StoreError) -> Int {
        guard !replacements.isEmpty else { return 0 }
        return try await write { db in
            var count = 0
            for replacement in replacements {
                let record = replacement.record
                guard let table = SealedTable.of(record.kind) else { continue }
                var arguments: StatementArguments = [
                    "new_epoch": replacement.seal.epoch.number, "new_seal": Data(replacement.seal.code),
                    "old_epoch": record.seal.epoch.number, "old_seal": Data(record.seal.code),
                ]
                arguments += record.place.arguments
                arguments += try replacement.wrapArguments(for: table)
                try db.run(table.replace, arguments)
                guard db.changesCount == 1 else {
                    guard state.shards.isEmpty else { throw StoreError.conflict }
                    continue
                }
                count += 1
                guard let owner = record.owner else { continue }
                try WrappedBlobRow.register(replacement.wrapped, of: owner, in: db)
            }
            try StateRow.apply(state, in: db)
            return count
        }
    }

    public func closeEpochs(through epoch: RootEpoch) async throws(StoreError) {
        guard let next = epoch.next else { throw .conflict }
        try await write { db in
            for table in SealedTable.all {
                let sql = "SELECT 1 FROM \(table.name) WHERE \(table.isBefore) LIMIT 1"
                let statement = try db.cachedStatement(sql: sql)
                if try Int.fetchOne(statement, arguments: ["epoch": next.number]) != nil { throw StoreError.conflict }
            }
            try db.run("UPDATE token_binding SET closed_through = max(closed_through, ?)", [epoch.number])
            try db.requireOneChange()
        }
    }

    public func blobEpochs() async throws(StoreError) -> [RootEpoch] {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT DISTINCT epoch FROM wrapped_blob ORDER BY epoch")
            return try Row.fetchAll(statement).map {
                try RowReader($0, record: "the epochs of wrapped keys").epoch("epoch")
            }
        }
    }

    public func blobs(
        under epoch: RootEpoch, after cursor: [UInt8]?, limit: Int
    ) async throws(StoreError) -> [WrappedBlob] {
        let sql = """
            SELECT \(WrappedBlobRow.columns) FROM wrapped_blob WHERE epoch = ? AND digest > ? ORDER BY digest LIMIT ?
            """
        return try await read { db in
            let arguments: StatementArguments = [epoch.number, Data(cursor ?? []), max(0, limit)]
            let rows = try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments)
            return try rows.map { try WrappedBlobRow.record($0) }
        }
    }
}

extension SealReplacement {
    /// Returns the arguments of ``SealedTable/replace`` for the wrapped key.
    fileprivate func wrapArguments(for table: SealedTable) throws(StoreError) -> StatementArguments {
        switch table.wrapping {
        case .none: return []
        case .inColumns:
            return [
                "mechanism": wrapped?.mechanism.rawValue, "wrap_epoch": wrapped?.epoch.number,
                "blob": wrapped.map { Data($0.blob) },
            ]
        case .inContent:
            guard case .document(let old) = record, let wrapped else {
                return ["wrap_epoch": nil, "content": nil, "revision": nil]
            }
            let document = old.unverified.rewrapped(wrapped)
            return [
                "wrap_epoch": wrapped.epoch.number, "content": Data(document.content),
                "revision": try exact(document.revision, "revision", of: document.sealedName),
            ]
        }
    }
}
