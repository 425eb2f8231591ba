internal import Crypto
internal import Encodings

/// The proof that the program which redeems a code is the one that asked for it (RFC 7636), always by S256.
package struct PKCE: Sendable {
    package let verifier: String

    /// Makes a proof of 256 random bits.
    package init() { verifier = Self.randomText() }

    /// Uses an existing verifier.
    package init(verifier: String) { self.verifier = verifier }

    /// The challenge for the authorization request: the SHA-256 of the verifier.
    package var challenge: String { Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    /// Returns 256 random bits as text, also for the state and the nonce of a login.
    package static func randomText() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
