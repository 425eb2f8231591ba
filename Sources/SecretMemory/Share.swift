internal import Crypto
internal import Encodings

/// A custodian's part of a secret.
///
/// Its text form is `kms-share-1:REQUIRED:INDEX:VALUE:CHECK`, with the value in hexadecimal digits. The check is the first 4 bytes of the
/// SHA-256 of all text before its colon, also in hexadecimal digits. It detects copying errors; it is not a protection.
public struct Share: Hashable, Sendable {
    /// The number of shares that recover the secret.
    public let required: Int
    /// The index of the share, 1 to 255.
    public let index: UInt8
    public let value: [UInt8]

    /// The most bytes of a secret.
    public static let maxLength = 1024
    private static let prefix = "kms-share-1"

    init(required: Int, index: UInt8, value: [UInt8]) {
        self.required = required
        self.index = index
        self.value = value
    }

    public var text: String {
        let body = "\(Self.prefix):\(required):\(index):\(Hexadecimal.text(value))"
        return "\(body):\(Self.check(of: body))"
    }

    /// Reads a share; white space is ignored.
    public init(text: String) throws(SharingError) {
        let trimmed = text.filter { !$0.isWhitespace }
        let parts = trimmed.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == Self.prefix else {
            throw .malformed("it does not begin with \(Self.prefix)")
        }
        let body = parts.dropLast().joined(separator: ":")
        guard parts[4] == Self.check(of: body) else { throw .malformed("its check does not fit: a character is wrong") }
        guard let required = Int(parts[1]), (2...255).contains(required), let index = UInt8(parts[2]), index > 0,
            let value = Hexadecimal.bytes(parts[3]), (1...Self.maxLength).contains(value.count)
        else { throw .malformed("its numbers cannot be") }
        self.init(required: required, index: index, value: value)
    }

    private static func check(of body: String) -> String {
        Hexadecimal.text(Array(SHA256.hash(data: Array(body.utf8)).prefix(4)))
    }
}
