import Foundation
import GRDB
package import KeyManagement

extension SQLiteKeyStore: StoreTransfer {
    package func export(to receive: (StoreTable, [[StoreValue]]) throws -> Void) throws {
        try mappingErrors {
            try pool.read { db in
                for table in StoreTable.all {
                    let columns = table.columns.joined(separator: ", ")
                    let rows = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM \(table.name)")
                    var piece: [[StoreValue]] = []
                    while let row = try rows.next() {
                        piece.append(try table.columns.indices.map { try Self.value(row, $0, of: table) })
                        guard piece.count == Self.pieceCount else { continue }
                        try receive(table, piece)
                        piece = []
                    }
                    if !piece.isEmpty { try receive(table, piece) }
                }
            }
        }
    }

    package func fill(
        from produce: (_ receive: (StoreTable, [[StoreValue]]) throws -> Void) throws -> Void
    ) throws {
        try mappingErrors {
            try pool.write { db in
                for table in StoreTable.all {
                    guard try Int.fetchOne(db, sql: "SELECT 1 FROM \(table.name) LIMIT 1") == nil else {
                        throw StoreError.conflict
                    }
                }
                try produce { table, rows in
                    let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
                    let statement = try db.cachedStatement(
                        sql: "INSERT INTO \(table.name) (\(table.columns.joined(separator: ", "))) VALUES (\(marks))")
                    for row in rows {
                        try statement.execute(arguments: StatementArguments(row.map(\.databaseValue)))
                    }
                }
            }
        }
    }

    private static func value(_ row: Row, _ column: Int, of table: StoreTable) throws(StoreError) -> StoreValue {
        switch (row[column] as DatabaseValue).storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .string(let text): .text(text)
        case .blob(let data): .bytes(Array(data))
        case .double: throw .malformed("a row of the table \(table.name) (\(table.columns[column]))")
        }
    }

    private func mappingErrors(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError {
            throw StoreError(sqlite: error)
        }
    }
}

extension StoreValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        case .text(let text): text.databaseValue
        }
    }
}
