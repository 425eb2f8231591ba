internal import Crypto
internal import KeyManagement
internal import PKCS11
import SecretMemory

/// Wraps a secret that was made outside the token. The token holds it only while it is wrapped.
struct SecretWrapper: Sendable {
    let secret: SecretBytes

    func run(
        under root: ObjectHandle, by mechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) -> [UInt8] {
        let object = try secret.withUnsafeBytes { (bytes) throws(PKCS11Error) in
            try session.createObject(KeyTemplates.broughtSecret, value: bytes)
        }
        let blob = try KeyMaker.consuming(object, on: session) { (session) throws(PKCS11Error) in
            try session.wrapKey(object, with: root, mechanism)
        }
        let again = try session.unwrapKey(
            blob, with: root, mechanism, KeyTemplates.unwrapped(.hmacSHA256, for: .generateVerifyMAC))
        let code = try KeyMaker.consuming(again, on: session) { (session) throws(PKCS11Error) in
            try KeyUse.authenticate(Self.message, with: again, .sha256, in: session)
        }
        // A module that pads or truncates would wrap a different key.
        guard code == expectedCode else {
            throw .malformedAnswer(from: .wrapKey, "what it wrapped is another secret")
        }
        return blob
    }

    private var expectedCode: [UInt8] {
        secret.withUnsafeBytes { bytes in
            Array(HMAC<SHA256>.authenticationCode(for: Self.message, using: SymmetricKey(data: bytes)))
        }
    }

    private static let message = Array("hsm-kms/proof/1".utf8)
}
