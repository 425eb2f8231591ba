import KeyManagement
import Logging
import StoreSQLite
import TokenPKCS11

/// What `kms init` and `kms serve` open, and close again.
struct Opened {
    let token: PKCS11Token
    let store: SQLiteKeyStore
    let service: KeyService

    /// Opens the store, then the token.
    static func open(
        _ configuration: Configuration, storeAccess: SQLiteKeyStore.Access, logger: Logger
    ) async throws -> Opened {
        let store: SQLiteKeyStore
        do throws(StoreOpenError) {
            store = try SQLiteKeyStore.open(path: configuration.storePath, access: storeAccess)
        } catch {
            throw Failure(.store, "\(error)")
        }
        do {
            let token = try await openToken(configuration.token, for: store)
            let service = KeyService(
                token: token, store: store, recordCapacity: configuration.recordCapacity, logger: logger)
            return Opened(token: token, store: store, service: service)
        } catch {
            try store.close()
            throw error
        }
    }

    /// The token first, so that nothing is on its way to the store any more.
    func close() async throws {
        await token.close()
        try store.close()
    }

    /// A token that cannot be served from may simply be the wrong one; then both are named.
    private static func openToken(
        _ configuration: TokenConfiguration, for store: SQLiteKeyStore
    ) async throws -> PKCS11Token {
        do throws(TokenOpenError) {
            return try await PKCS11Token.open(configuration)
        } catch {
            switch error {
            case .rootsMissing, .rootsUnfit, .tokenNotFound:
                guard let binding = try? await store.binding() else { throw error }
                throw Failure(
                    .token,
                    "\(error) (the store belongs to token '\(binding.label)', serial \(binding.serialNumber))")
            default: throw error
            }
        }
    }
}
