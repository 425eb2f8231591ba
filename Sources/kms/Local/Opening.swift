import KeyManagement
import Logging
import StoreSQLite
import TokenPKCS11

/// What `kms init` and `kms serve` open, and close again.
struct Opened {
    let token: PKCS11Token
    let store: SQLiteKeyStore
    let service: KeyService

    /// Opens the token, then the store: without a token there is nothing to make a store for.
    static func open(
        _ configuration: Configuration, storeAccess: SQLiteKeyStore.Access, logger: Logger
    ) async throws -> Opened {
        let token = try await openToken(configuration)
        do throws(StoreOpenError) {
            let store = try SQLiteKeyStore.open(path: configuration.storePath, access: storeAccess)
            let service = KeyService(
                token: token, store: store, recordCapacity: configuration.recordCapacity, logger: logger)
            return Opened(token: token, store: store, service: service)
        } catch {
            await token.close()
            throw Failure(.store, "\(error)")
        }
    }

    /// The token first, so that nothing is on its way to the store any more.
    func close() async throws {
        await token.close()
        try store.close()
    }

    /// A token that cannot be served from may simply be the wrong one for the store; then both are named.
    private static func openToken(_ configuration: Configuration) async throws -> PKCS11Token {
        do throws(TokenOpenError) {
            return try await PKCS11Token.open(configuration.token)
        } catch {
            switch error {
            case .rootsMissing, .rootsHalf, .rootsUnfit, .tokenNotFound:
                guard let binding = await binding(of: configuration.storePath) else { throw error }
                throw Failure(
                    .token, "\(error) (the store belongs to token '\(binding.label)', serial \(binding.serialNumber))")
            default: throw error
            }
        }
    }

    /// The token that a store belongs to, if there is a store and it says so.
    private static func binding(of path: String) async -> TokenBinding? {
        guard let store = try? SQLiteKeyStore.open(path: path, access: .existing) else { return nil }
        defer { try? store.close() }
        return try? await store.binding()
    }
}
