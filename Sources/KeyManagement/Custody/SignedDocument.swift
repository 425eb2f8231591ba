internal import Crypto
internal import FoundationEssentials
internal import LibCrypto

/// A document for auditors, signed by the audit key in the token: JSON in UTF-8, and beside it the signature over all of its bytes
/// (ECDSA on P-256 with SHA-256, FIPS 186-5 §6, in DER). `openssl dgst -sha256 -verify audit.pem -signature FILE.sig FILE` verifies it.
public struct SignedDocument: Hashable, Sendable {
    public let content: [UInt8]
    public let signature: [UInt8]
    public let auditKey: PublicKeyInfo

    public init(content: [UInt8], signature: [UInt8], auditKey: PublicKeyInfo) {
        self.content = content
        self.signature = signature
        self.auditKey = auditKey
    }

    /// Whether the signature is this key's, over this content.
    public var isGenuine: Bool {
        guard let key = try? PublicKey(der: auditKey.der) else { return false }
        return key.verify(signature, ofMessage: content, scheme: .ecdsa(.sha256))
    }
}

/// What stands in a signed document.
public protocol CustodyDocument: Codable, Sendable {
    /// Says what it is.
    static var title: String { get }
    /// The title, as the document has it.
    var document: String { get }
    /// Changes when the meaning of a field does.
    var format: Int { get }
    /// SHA-256 of the DER of the audit key, hexadecimal.
    var auditKeySHA256: String { get }
}

extension CustodyDocument {
    public static var format: Int { 1 }

    /// The one way in which it is written: sorted, indented, a line feed at its end.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts, numbers and lists of them have no values that JSON cannot say.
        return [UInt8]((try? encoder.encode(self)) ?? Data()) + [0x0A]
    }

    /// Reads a document.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when it is none of this type.
    public init(json: [UInt8]) throws(KMSError) {
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
    public var fingerprint: String { Hexadecimal.text(Array(SHA256.hash(data: der))) }
}
