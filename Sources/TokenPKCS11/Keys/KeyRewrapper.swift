internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// Unwraps a key under one root and wraps it under another, inside the token. Its plaintext exists nowhere else. Intermediate
/// objects are destroyed on every path.
struct KeyRewrapper: Sendable {
    let root: RootKeys
    let wrapping: TokenProbe.ProvenWrapping
    let key: KeyToRewrap

    /// - Parameters:
    ///   - old: the root under which the key is wrapped.
    ///   - mechanism: the mechanism by which it is wrapped under that root.
    ///   - session: a session that is logged in.
    func run(
        from old: ObjectHandle, by mechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) -> WrappedKey {
        let publicKey = key.publicKey.flatMap { try? PublicKey(der: $0.der) }
        let object = try session.unwrapKey(
            key.wrapped.blob, of: key.algorithm, publicKey, with: old, mechanism, KeyTemplates.incoming(key.algorithm))
        let made = try KeyMaker.consuming(object, on: session) { (session) throws(PKCS11Error) in
            (
                blob: try session.wrapKey(object, with: root.wrapping, wrapping.mechanism),
                value: try KeyProof.checkValue(of: object, key.algorithm, in: session)
            )
        }
        let again = try session.unwrapKey(
            made.blob, of: key.algorithm, with: root.wrapping, wrapping.mechanism, template)
        let isRight = try KeyMaker.consuming(again, on: session) { (session) throws(PKCS11Error) in
            try isSame(again, made.value, in: session)
        }
        // The old root will be destroyed, so a blob with a different key would lose the key.
        guard isRight else { throw .malformedAnswer(from: .wrapKey, "\(key.name) is another key under the new root") }
        return WrappedKey(mechanism: wrapping.standard, epoch: root.epoch, blob: made.blob)
    }

    private var template: Template {
        switch key.purpose {
        case .version(let usage): KeyTemplates.unwrapped(key.algorithm, for: usage)
        case .importJob: KeyTemplates.importKey
        }
    }

    private func isSame(
        _ again: ObjectHandle, _ value: CheckValue?, in session: borrowing Session
    ) throws(PKCS11Error) -> Bool {
        switch key.purpose {
        case .version(let usage):
            guard key.algorithm.isAsymmetric else {
                return try KeyProof.checkValue(of: again, key.algorithm, in: session) == value
            }
            guard let publicKey = key.publicKey.flatMap({ try? PublicKey(der: $0.der) }) else { return false }
            return try KeyProof.isPair(again, publicKey, key.algorithm, usage, in: session)
        case .importJob:
            // It only unwraps, and unwrapping it proves that it works. It is kept for one day.
            return true
        }
    }
}
