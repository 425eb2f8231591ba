import Foundation
import GRDB
package import KeyManagement

// Reading documents.
extension SQLiteKeyStore {
    package func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        try await read { db in try addresses.map { try Self.document(at: $0, in: db) } }
    }

    static func document(at address: DocumentAddress, in db: Database) throws -> SealedDocument? {
        switch address {
        case .place(let kind, let place):
            try DocumentRow.document(db.cachedStatement(sql: byPlace), [kind.rawValue, Data(place)])
        case .name(let name): try DocumentRow.document(db.cachedStatement(sql: byName), [Data(name)])
        }
    }

    private static let byPlace = "SELECT \(DocumentRow.columns) FROM document WHERE kind = ? AND place = ?"
    private static let byName = "SELECT \(DocumentRow.columns) FROM document WHERE name = ?"

    package func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        let (sql, arguments) = (query.sql, query.arguments)
        return try await read { db in try DocumentRow.documents(db.cachedStatement(sql: sql), arguments) }
    }

    package func documents(
        due task: DueTask, of kind: RecordKind, by moment: Timestamp, limit: Int
    ) async throws(StoreError) -> [DueDocument] {
        if kind == .answer { await clean(within: Self.laterCleaningTimeout) }
        let sql = """
            SELECT place, \(task.column) FROM document WHERE kind = '\(kind.rawValue)' AND \(task.column) <= ?
            ORDER BY \(task.column) LIMIT ?
            """
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: [moment.milliseconds, max(0, limit)]).map { row in
                let reader = RowReader(row, record: "a document of the kind \(kind.rawValue)")
                return DueDocument(place: try reader.blob("place"), time: try reader.time(task.column))
            }
        }
    }
}

extension DueTask {
    /// The column with the time of the task.
    var column: String { "\(rawValue)_at" }
}

extension DocumentQuery {
    /// The statement.
    var sql: String {
        let column = selection == .names ? "name" : "place"
        var conditions = ["kind = '\(kind.rawValue)'", "\(column) > :after"]
        switch selection {
        case .all, .names: break
        case .label: conditions.append("label = :value")
        case .group: conditions.append("group_key = :value")
        }
        if before != nil { conditions.append("\(column) < :before") }
        if epoch != nil { conditions.append("(seal_epoch < :epoch OR wrap_epoch < :epoch)") }
        return """
            SELECT \(DocumentRow.columns) FROM document WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(column)\(isDescending ? " DESC" : "") LIMIT :limit
            """
    }

    var arguments: StatementArguments {
        var arguments: StatementArguments = ["after": Data(after), "limit": limit]
        switch selection {
        case .all, .names: break
        case .label(let value), .group(let value): arguments += ["value": Data(value)]
        }
        if let before { arguments += ["before": Data(before)] }
        if let epoch { arguments += ["epoch": epoch.number] }
        return arguments
    }
}
