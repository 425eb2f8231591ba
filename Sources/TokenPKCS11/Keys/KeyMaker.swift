internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// Generates version keys in a session, and unwraps them again. Intermediate objects are destroyed on every path.
enum KeyMaker {
    /// A generated and wrapped key; the token no longer holds it.
    struct Made {
        let blob: [UInt8]
        let publicKey: PublicKey?
    }

    static func generate(
        _ algorithm: KeyAlgorithm, under root: ObjectHandle, by mechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) -> Made {
        let newborn: ObjectHandle
        var publicKey: PublicKey?
        switch KeyGenerationSpec.version(algorithm) {
        case .secret(let generation, let template): newborn = try session.generateKey(generation, template)
        case .pair(let generation, let ofPublic, let ofPrivate):
            let pair = try session.generateKeyPair(generation, publicKey: ofPublic, privateKey: ofPrivate)
            newborn = pair.privateKey
            publicKey = try clearing(newborn, on: session) { (session) throws(PKCS11Error) in
                try consuming(pair.publicKey, on: session) { (session) throws(PKCS11Error) in
                    try PublicKeyReader.read(algorithm, from: pair.publicKey, in: session)
                }
            }
        }
        let blob = try consuming(newborn, on: session) { (session) throws(PKCS11Error) in
            try session.wrapKey(newborn, with: root, mechanism)
        }
        try readBack(blob, algorithm, under: root, by: mechanism, in: session)
        return Made(blob: blob, publicKey: publicKey)
    }

    /// Verifies that a new blob unwraps. The key exists nowhere else, so a blob that does not unwrap must not be stored.
    private static func readBack(
        _ blob: [UInt8], _ algorithm: KeyAlgorithm, under root: ObjectHandle, by mechanism: Mechanism,
        in session: borrowing Session
    ) throws(PKCS11Error) {
        guard let usage = algorithm.usages.first else { return }
        let key: ObjectHandle
        do throws(PKCS11Error) {
            key = try session.unwrapKey(
                blob, of: algorithm, with: root, mechanism, KeyTemplates.unwrapped(algorithm, for: usage))
        } catch {
            throw error.isAmbiguous ? .malformedAnswer(from: .wrapKey, "what it wrapped does not unwrap") : error
        }
        try session.destroyObject(key)
    }

    /// Runs `body` with an object that is destroyed afterwards on every path. Failure to destroy it is an error, and the result
    /// of `body` must not be used.
    static func consuming<Result>(
        _ object: ObjectHandle, on session: borrowing Session,
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        let result = try clearing(object, on: session, body)
        try session.destroyObject(object)
        return result
    }

    /// Runs `body`, and destroys the object if `body` fails. An object that cannot be destroyed disappears with the session.
    private static func clearing<Result>(
        _ object: ObjectHandle, on session: borrowing Session,
        _ body: (borrowing Session) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        do throws(PKCS11Error) {
            return try body(session)
        } catch {
            try? session.destroyObject(object)
            throw error
        }
    }
}
