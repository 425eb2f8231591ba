internal import PKCS11

/// Makes keys that stay in the token, even in a token that does not know `CKA_COPYABLE`, which came with v2.40. The probe tries
/// whether such a token lets a key be copied.
enum PersistentKeyGenerator {
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

    /// Returns true if the token does not know the attribute. A token that knows it failed for another reason, and has now made a
    /// key that may be copied.
    private static func isWithout(_ key: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> Bool {
        try RootRule.told(.copyable, of: key, in: session) == nil
    }
}

extension Template {
    fileprivate var withoutYoungAttributes: Template { Template(attributes.filter { $0.type != .copyable }) }
}

extension PKCS11Error {
    /// True if the cause may be an attribute that the token does not know. NSS 3.87 returns `CKR_GENERAL_ERROR` when it must
    /// store `CKA_COPYABLE`.
    fileprivate var mayBeAYoungAttribute: Bool {
        switch code {
        case .attributeTypeInvalid, .templateInconsistent, .generalError: true
        default: false
        }
    }
}
