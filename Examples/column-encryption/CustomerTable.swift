import FoundationEssentials
import GRDB

/// A row of the table `customer`.
struct CustomerRow {
    let id: String
    let name: String
    /// The encrypted account, with the ciphertext of its data key.
    let iban: [UInt8]
}

/// The table `customer`, in a SQLite database.
struct CustomerTable {
    private let database: DatabaseQueue

    init(path: String) throws {
        database = try DatabaseQueue(path: path)
        try database.write { database in
            try database.execute(
                sql: "CREATE TABLE IF NOT EXISTS customer (id TEXT PRIMARY KEY, name TEXT NOT NULL, iban BLOB NOT NULL)"
            )
        }
    }

    func save(_ row: CustomerRow) async throws {
        try await database.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO customer VALUES (?, ?, ?)",
                arguments: [row.id, row.name, Data(row.iban)])
        }
    }

    func row(_ id: String) async throws -> CustomerRow? {
        try await database.read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM customer WHERE id = ?", arguments: [id])
            else { return nil }
            let iban: Data = row["iban"]
            return CustomerRow(id: row["id"], name: row["name"], iban: Array(iban))
        }
    }
}
