internal import PKCS11

/// Makes keys that stay in the token, also in one that does not know `CKA_COPYABLE`, which came with v2.40. Whether such a token lets
/// a key be copied, the probe tries.
enum LastingKey {
    static func make(
        _ mechanism: Mechanism, _ template: Template, in session: borrowing Session
    ) throws(PKCS11Error) -> ObjectHandle {
        do throws(PKCS11Error) {
            return try session.generateKey(mechanism, template)
        } catch {
            guard error.mayBeAYoungAttribute else { throw error }
            let key = try session.generateKey(mechanism, template.withoutYoungAttributes)
            if try isWithout(key, in: session) { return key }
            try session.destroyObject(key)
            throw error
        }
    }

    static func makePair(
        _ mechanism: Mechanism, publicKey: Template, privateKey: Template, in session: borrowing Session
    ) throws(PKCS11Error) {
        do throws(PKCS11Error) {
            _ = try session.generateKeyPair(mechanism, publicKey: publicKey, privateKey: privateKey)
        } catch {
            guard error.mayBeAYoungAttribute else { throw error }
            let pair = try session.generateKeyPair(
                mechanism, publicKey: publicKey, privateKey: privateKey.withoutYoungAttributes)
            if try isWithout(pair.privateKey, in: session) { return }
            try session.destroyObject(pair.publicKey)
            try session.destroyObject(pair.privateKey)
            throw error
        }
    }

    /// Whether the token really does not know the attribute. One that does has failed for another reason, and has now made a key
    /// that may be copied.
    private static func isWithout(_ key: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> Bool {
        try RootRule.told(.copyable, of: key, in: session) == nil
    }
}

extension Template {
    fileprivate var withoutYoungAttributes: Template { Template(attributes.filter { $0.type != .copyable }) }
}

extension PKCS11Error {
    /// Whether a key may not have been made because the token does not know an attribute. NSS 3.87 returns `CKR_GENERAL_ERROR` when it
    /// is to store `CKA_COPYABLE`.
    fileprivate var mayBeAYoungAttribute: Bool {
        switch code {
        case .attributeTypeInvalid, .templateInconsistent, .generalError: true
        default: false
        }
    }
}
