internal import KeyManagement
internal import LibCrypto
internal import PKCS11

extension Session {
    /// Unwraps a key of an algorithm, even in a token that requires more attributes of a key on a curve than the standard does.
    ///
    /// NSS keeps the public point with the private key, in a vendor attribute, and does not read it from PKCS #8. Without the
    /// attribute, NSS finds the template incomplete. NSS puts the point into PKCS #8 when it wraps and needs it for nothing else.
    /// So for a key that is never wrapped again, any byte will do.
    ///
    /// - Parameter publicKey: for a key that will be wrapped again.
    func unwrapKey(
        _ wrapped: some Collection<UInt8>, of algorithm: KeyAlgorithm, _ publicKey: PublicKey? = nil,
        with root: ObjectHandle, _ mechanism: Mechanism, _ template: Template
    ) throws(PKCS11Error) -> ObjectHandle {
        do throws(PKCS11Error) {
            return try unwrapKey(wrapped, with: root, mechanism, template)
        } catch {
            guard case .ec = algorithm.family, error == .returned(.templateIncomplete, from: .unwrapKey) else {
                throw error
            }
            let point = Attribute(.nssPublicPoint, bytes: publicKey?.point ?? [0])
            return try unwrapKey(wrapped, with: root, mechanism, template + [point])
        }
    }
}

extension AttributeType {
    /// `CKA_NSS_DB`, a vendor attribute of NSS (pkcs11n.h).
    fileprivate static let nssPublicPoint = AttributeType(rawValue: 0xD5A0_DB00)
}
