internal import Crypto
internal import Encodings
internal import FoundationEssentials
internal import LibCrypto

/// A document for auditors, signed by the audit key in the token: JSON in UTF-8, with a detached signature over all of its
/// bytes.
///
/// The signature is ECDSA on P-256 with SHA-256 (FIPS 186-5 §6), in DER. `openssl dgst -sha256 -verify audit.pem -signature
/// FILE.sig FILE` verifies it.
package struct SignedDocument: Hashable, Sendable {
    package let content: [UInt8]
    package let signature: [UInt8]
    package let auditKey: PublicKeyInfo

    package init(content: [UInt8], signature: [UInt8], auditKey: PublicKeyInfo) {
        self.content = content
        self.signature = signature
        self.auditKey = auditKey
    }

    /// True if the signature was made by this key over this content.
    package var isGenuine: Bool {
        guard let key = try? PublicKey(der: auditKey.der) else { return false }
        return key.verify(signature, ofMessage: content, scheme: .ecdsa(.sha256))
    }
}

/// The content of a signed document.
package protocol CustodyDocument: Codable, Sendable {
    /// The title of this type of document.
    static var title: String { get }
    /// The title, as the document contains it.
    var document: String { get }
    /// The version of the format, which changes with the meaning of a field.
    var format: Int { get }
    /// SHA-256 of the DER of the audit key, hexadecimal.
    var auditKeySHA256: String { get }
}

extension CustodyDocument {
    package static var format: Int { 1 }

    /// Returns SHA-256 of a document's file, hexadecimal, as `sha256sum` prints it.
    package static func sha256(of file: [UInt8]) -> String { Hexadecimal.text(Array(SHA256.hash(data: file))) }

    /// The only serialisation: keys sorted, indented, and a line feed at the end.
    package var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts, numbers and lists of them have no values that JSON cannot express.
        return [UInt8]((try? encoder.encode(self)) ?? Data()) + [0x0A]
    }

    /// Reads a document.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if it is not of this type.
    package init(json: [UInt8]) throws(KMSError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json))
        } catch {
            throw .invalidRequest("this is no \(Self.title)")
        }
        guard document == Self.title, format == Self.format else {
            throw .invalidRequest("this is no \(Self.title) of format \(Self.format)")
        }
    }
}

extension PublicKeyInfo {
    /// SHA-256 of the DER, hexadecimal: `openssl pkey -pubin -outform DER | sha256sum`.
    package var fingerprint: String { Hexadecimal.text(Array(SHA256.hash(data: der))) }
}
