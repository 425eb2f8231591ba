import KMSClient
import SecretMemory

/// A customer as the server's clients see them.
struct Customer: Codable, Equatable {
    let id: String
    let name: String
    /// The number of the bank account. It is stored encrypted.
    let iban: String
}

/// The customers. The table holds the encrypted column; this type encrypts and decrypts it.
struct CustomerStore {
    let table: CustomerTable
    let ibans: EnvelopeEncryption

    func save(_ customer: Customer) async throws {
        // The id is authenticated with the value: an account that is copied into another row is detected.
        let iban = try await ibans.encrypt(Array(customer.iban.utf8), associatedData: Array(customer.id.utf8))
        try await table.save(CustomerRow(id: customer.id, name: customer.name, iban: iban.bytes))
    }

    func customer(_ id: String) async throws -> Customer? {
        guard let row = try await table.row(id) else { return nil }
        guard let value = EncryptedValue(bytes: row.iban) else { throw EnvelopeError.notAuthentic }
        let iban = try await ibans.decrypt(value, associatedData: Array(id.utf8))
        return Customer(
            id: row.id, name: row.name, iban: iban.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }
}
