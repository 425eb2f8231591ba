@testable import KeyManagement

extension KeyService {
    /// Generates material in the token, as a rotation does.
    func newMaterial(
        _ algorithm: KeyAlgorithm, for usage: KeyUsage, of key: KeyID
    ) async throws -> NewMaterial {
        try await withAudit(.rotateKey, by: try Caller.system(in: Service.shop)) { (operation) throws(KMSError) in
            try await operation.generateMaterial(algorithm, for: usage, of: key)
        }
    }
}
