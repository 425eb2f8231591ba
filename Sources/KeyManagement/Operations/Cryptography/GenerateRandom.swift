package import SecretMemory

extension KeyService {
    /// Returns random bytes from the token's generator.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `count` is 1 to 1,024.
    package func generateRandom(byteCount count: Int, by caller: Caller) async throws(KMSError) -> SecretBytes {
        try await withAudit(.generateRandom, by: caller) { (operation) throws(KMSError) in
            guard (1...1024).contains(count) else {
                throw .invalidRequest("a request is for 1 to 1024 random bytes, not \(count)")
            }
            return try await tokenInformation.random(byteCount: count)
        }
    }
}
