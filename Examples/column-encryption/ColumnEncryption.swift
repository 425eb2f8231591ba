import Hummingbird
import KMSClient
import Logging

/// A small HTTP server that stores customers. The column with the bank account is encrypted, and only the key management service can
/// decrypt it.
///
///     KMS_URL=http://127.0.0.1:8700 KMS_TOKEN_FILE=user.token DATABASE=customers.sqlite ColumnEncryption
@main
enum ColumnEncryption {
    static func main() async throws {
        let settings = try Settings(Environment())
        try await KMSClient.withClient(settings.client) { client in
            // The context says what the data keys are for. A data key of another column decrypts nothing here.
            let ibans = EnvelopeEncryption(
                key: settings.key, of: client, context: ["table": "customer", "column": "iban"])
            let customers = CustomerStore(table: try CustomerTable(path: settings.database), ibans: ibans)
            let application = Application(
                router: CustomerRoutes(customers: customers).router(),
                configuration: .init(address: .hostname("127.0.0.1", port: settings.port)),
                logger: Logger(label: "column-encryption"))
            try await application.runService()
        }
    }
}

/// The settings, from the environment.
struct Settings {
    let client: KMSClient.Configuration
    /// The key of the service that encrypts the data keys.
    let key: String
    let database: String
    let port: Int

    struct Missing: Error {
        let name: String
    }

    init(_ environment: Environment) throws {
        func required(_ name: String) throws -> String {
            guard let value = environment.get(name) else { throw Missing(name: name) }
            return value
        }
        client = KMSClient.Configuration(
            address: try ServiceAddress(try required("KMS_URL")),
            credential: try ClientCredential(file: try required("KMS_TOKEN_FILE")),
            project: environment.get("KMS_PROJECT"))
        key = environment.get("KMS_KEY") ?? "customers"
        database = try required("DATABASE")
        port = environment.get("PORT", as: Int.self) ?? 8080
    }
}
