import Encodings
import FoundationEssentials
import JSONText
import KeyManagement

/// A JSON Web Token in compact form (RFC 7515 §7.1), parsed but not verified.
struct CompactToken {
    /// The most bytes of a token: 16 KiB.
    static let maxLength = 16 * 1024

    struct Header: Decodable {
        let alg: String
        let kid: String?
        let typ: String?
        let crit: [String]?
        let b64: Bool?
    }

    let header: Header
    let payload: [UInt8]
    let signature: [UInt8]
    /// The signed bytes: the first two parts with their dot.
    let signed: [UInt8]

    /// The reason why a text is not a token.
    struct Malformed: Error {
        let reason: String
    }

    init(_ text: String) throws(Malformed) {
        guard text.utf8.count <= Self.maxLength else { throw Malformed(reason: "longer than \(Self.maxLength) bytes") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Malformed(reason: "\(parts.count) parts instead of 3") }
        // Every bit counts, including those that a lenient reader would drop.
        guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw Malformed(reason: "a part is not canonical base64url") }
        guard !signature.isEmpty else { throw Malformed(reason: "no signature") }
        for part in [header, payload] where !Self.isStrictJSON(part) {
            throw Malformed(reason: "a part is no JSON, or names a member twice")
        }
        do {
            self.header = try JSONDecoder().decode(Header.self, from: Data(header))
        } catch {
            throw Malformed(reason: "the header is no JSON object with alg")
        }
        guard self.header.crit == nil, self.header.b64 == nil else {
            throw Malformed(reason: "the header has extensions that must be understood")
        }
        if let typ = self.header.typ?.lowercased() {
            guard ["jwt", "at+jwt", "application/jwt", "application/at+jwt"].contains(typ) else {
                throw Malformed(reason: "the type is '\(typ.prefix(32))'")
            }
        }
        self.payload = payload
        self.signature = signature
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// Returns true if every reader understands the same: no duplicate member (RFC 7519 §4), and all text is UTF-8.
    private static func isStrictJSON(_ bytes: [UInt8]) -> Bool {
        (try? JSONReader.read(bytes: bytes) { (reader) throws(KMSError) in try reader.node(depth: 16) }) != nil
    }
}
