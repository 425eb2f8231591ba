package import KeyManagement
internal import LibCrypto
internal import PKCS11
import SecretMemory

extension PKCS11Token {
    package func generateKey(_ call: GenerateKeyCall) async throws(TokenError) -> NewKey {
        let (algorithm, usage) = (call.algorithm, call.usage)
        guard algorithms.contains(algorithm), algorithm.usages.contains(usage) else {
            throw .unsupported("this token has not proved \(algorithm.rawValue)")
        }
        return try await generateVersion(algorithm)
    }

    package func generateImportKey(_ call: GenerateImportKeyCall) async throws(TokenError) -> NewKey {
        let algorithm = call.algorithm
        guard algorithms.contains(algorithm), case .rsa = algorithm.family, !importMethods.isEmpty else {
            throw .unsupported("this token imports no keys under \(algorithm.rawValue)")
        }
        return try await generateVersion(algorithm)
    }

    /// Generates and wraps a version key. A pair for import is made in the same way; its permitted uses are decided when it is
    /// unwrapped.
    private func generateVersion(_ algorithm: KeyAlgorithm) async throws(TokenError) -> NewKey {
        let wrapping = wrapping
        return try await onLane(for: algorithm) { (connection) throws(TokenError) in
            let root = connection.roots.current
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    let made = try KeyMaker.generate(
                        algorithm, under: root.wrapping, by: wrapping.mechanism, in: session)
                    return NewKey(
                        wrapped: WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: made.blob),
                        publicKey: made.publicKey.map { PublicKeyInfo(der: $0.der) })
                }
            } catch {
                throw TokenError(error)
            }
        }
    }

    package func wrapSecret(_ call: WrapSecretCall) async throws(TokenError) -> WrappedKey {
        let secret = call.secret
        let whole = secret.count.isMultiple(of: 8)
        guard let wrapping = wrappings.first(where: { $0.standard == .aesKWP || whole }) else {
            throw .unsupported("this token wraps secrets of whole 8 bytes only, not of \(secret.count)")
        }
        let wrapper = SecretWrapper(secret: secret)
        return try await onWorker { (connection) throws(TokenError) in
            let root = connection.roots.current
            do throws(PKCS11Error) {
                let blob = try connection.withSession { (session) throws(PKCS11Error) in
                    try wrapper.run(under: root.wrapping, by: wrapping.mechanism, in: session)
                }
                return WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: blob)
            } catch {
                throw TokenError(error)
            }
        }
    }

    package func generateDataKeyPair(_ call: GenerateDataKeyPairCall) async throws(TokenError) -> DataKeyPairMaterial {
        let algorithm = call.algorithm
        switch algorithm.family {
        case .rsa, .ec: break
        case .aes, .hmac, .ed25519: throw .unsupported("no data-key pairs of \(algorithm.rawValue)")
        }
        guard algorithms.contains(algorithm) else {
            throw .unsupported("this token has not proved \(algorithm.rawValue)")
        }
        return try await onLane(for: algorithm) { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                return try connection.withSession { (session) throws(PKCS11Error) in
                    try DataKeyPairGenerator.generate(algorithm, in: session)
                }
            } catch {
                guard error.code == .attributeSensitive || error.code == .templateInconsistent else {
                    throw TokenError(error)
                }
                throw .unsupported("this token lets no private key leave, so it issues no data-key pairs")
            }
        }
    }

    /// Runs generation on the right thread. RSA pairs take up to seconds and have a thread of their own, so that decryption does
    /// not wait for them.
    private func onLane<Result: Sendable>(
        for algorithm: KeyAlgorithm, _ body: @escaping @Sendable (Connection) throws(TokenError) -> Result
    ) async throws(TokenError) -> Result {
        switch algorithm.family {
        case .rsa: try await onGenerator(body)
        case .aes, .ec, .ed25519, .hmac:
            try await onWorker(body)
        }
    }
}
