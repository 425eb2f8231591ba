package import KeyManagement
import SystemClock

extension PostgresKeyStore: StoreTransfer {
    package func export(to receive: (StoreTable, [[StoreValue]]) throws -> Void) throws {
        try transferring { connection in
            // A cursor ends with its transaction. All of them are of one snapshot.
            _ = try Self.run([Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")], on: connection)
            for table in StoreTable.all {
                let columns = table.columns.joined(separator: ", ")
                _ = try Self.run(
                    [Statement("DECLARE piece NO SCROLL CURSOR FOR SELECT \(columns) FROM kms.\(table.name)")],
                    on: connection)
                while true {
                    let rows = try Self.run([Statement("FETCH \(Self.pieceCount) FROM piece")], on: connection)
                    guard let rows = rows.first, rows.count > 0 else { break }
                    try receive(table, try (0..<rows.count).map { try Self.values(rows, $0, of: table) })
                }
                _ = try Self.run([Statement("CLOSE piece")], on: connection)
            }
            _ = try Self.run([Statement("COMMIT")], on: connection)
        }
    }

    package func fill(
        from produce: (_ receive: (StoreTable, [[StoreValue]]) throws -> Void) throws -> Void
    ) throws {
        try transferring { connection in
            _ = try Self.run([Statement("BEGIN"), .lockAlone], on: connection)
            for table in StoreTable.all {
                let found = try Self.run([Statement("SELECT 1 FROM kms.\(table.name) LIMIT 1")], on: connection)
                guard found.first?.count == 0 else { throw StoreError.conflict }
            }
            try produce { table, rows in
                let marks = table.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
                let sql = "INSERT INTO kms.\(table.name) (\(table.columns.joined(separator: ", "))) VALUES (\(marks))"
                _ = try Self.run(rows.map { Statement(sql, $0.map(\.parameter)) }, on: connection)
            }
            _ = try Self.run([Statement("COMMIT")], on: connection)
            if let warning = connection.warning {
                throw StoreError.busy("the copy is stored, but perhaps not on the standby: \(warning)")
            }
        }
    }

    /// The longest time that a piece may take.
    private static let pieceTimeout = Duration.seconds(60)

    private static func run(_ statements: [Statement], on connection: Connection) throws -> [ResultRows] {
        let outcome = try connection.batch(statements, by: .now + pieceTimeout)
        if let error = outcome.error { throw DatabaseFailure.refused(error) }
        return outcome.rows
    }

    /// Runs `body` with a connection of its own, which is closed afterwards, so that an open transaction is rolled back.
    private func transferring(_ body: (Connection) throws -> Void) throws {
        do {
            try body(Connection.open(pool.parameters))
        } catch let error as DatabaseFailure {
            throw StoreError(error)
        }
    }

    private static func values(_ rows: ResultRows, _ row: Int, of table: StoreTable) throws(StoreError) -> [StoreValue]
    {
        var values: [StoreValue] = []
        for (column, name) in table.columns.enumerated() {
            guard let value = rows.value(row, column) else {
                throw .malformed("a row of the table \(table.name) (\(name))")
            }
            values.append(value)
        }
        return values
    }
}

extension StoreValue {
    fileprivate var parameter: Parameter {
        switch self {
        case .null: .null
        case .integer(let number): .int64(number)
        case .bytes(let bytes): .bytes(bytes)
        case .text(let text): .text(text)
        }
    }
}
