import FoundationEssentials

/// What a key makes of a plaintext, and all that is needed to find that key again.
///
/// Binary form: `0x01 | key id (16) | version (4, big-endian) | nonce (12) | ciphertext | tag (16)`.
/// Text form: `kms:<version>:<base64 of the binary>`; the two versions must agree.
public struct Ciphertext: Hashable, Sendable {
    /// The version that made it, and that alone can undo it.
    public let version: VersionID
    /// What the token made.
    public let box: SealedBox

    /// The first byte of the binary form.
    static let format: UInt8 = 0x01
    private static let headerLength = 1 + KeyID.byteCount + 4

    /// The number of bytes that encryption adds to a plaintext: 49.
    public static let overhead = headerLength + SealedBox.nonceLength + SealedBox.tagLength

    public init(version: VersionID, box: SealedBox) {
        self.version = version
        self.box = box
    }

    /// Reads the binary form; nil when it cannot be one.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= Self.overhead, bytes[0] == Self.format,
            let key = KeyID(bytes: bytes[1..<17]),
            let number = VersionNumber(bytes[17..<21].reduce(0) { $0 << 8 | UInt32($1) })
        else { return nil }
        version = VersionID(key: key, number: number)
        box = SealedBox(nonce: Array(bytes[21..<33]), ciphertextAndTag: Array(bytes[33...]))
    }

    /// Reads the text form or the bare base64 of the binary form; nil when it is neither. Each ciphertext has one text of
    /// either kind: base64 with stray bits before its padding is none.
    public init?(text: String) {
        // By bytes: a combining mark after a colon would make another character of it.
        let bytes = text.utf8
        guard bytes.starts(with: Self.textPrefix.utf8) else {
            guard let decoded = Self.decode(text) else { return nil }
            self.init(bytes: decoded)
            return
        }
        let rest = bytes.dropFirst(Self.textPrefix.utf8.count)
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let number = VersionNumber(String(decoding: rest[..<colon], as: UTF8.self)),
            let decoded = Self.decode(String(decoding: rest[colon...].dropFirst(), as: UTF8.self))
        else { return nil }
        self.init(bytes: decoded)
        guard version.number == number else { return nil }
    }

    private static func decode(_ base64: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: base64), data.base64EncodedString() == base64 else { return nil }
        return Array(data)
    }

    /// The binary form.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerLength + box.nonce.count + box.ciphertextAndTag.count)
        Self.appendHeader(of: version, to: &bytes)
        bytes.append(contentsOf: box.nonce)
        bytes.append(contentsOf: box.ciphertextAndTag)
        return bytes
    }

    /// The bare base64 of the binary form.
    public var base64: String { Data(bytes).base64EncodedString() }

    /// The text form.
    public var text: String { "\(Self.textPrefix)\(version.number):\(base64)" }

    private static let textPrefix = "kms:"

    /// What is authenticated beside the plaintext, never empty: a string that no other use of the key shares, the header,
    /// and the encryption context.
    static func additionalData(for version: VersionID, context: EncryptionContext) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        bytes.append(contentsOf: domainSeparation)
        appendHeader(of: version, to: &bytes)
        context.encode(into: &bytes)
        return bytes
    }

    private static let domainSeparation = Array("hsm-kms/ciphertext/1\0".utf8)

    private static func appendHeader(of version: VersionID, to bytes: inout [UInt8]) {
        bytes.append(format)
        bytes.append(contentsOf: version.key.bytes)
        withUnsafeBytes(of: version.number.value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// The output of AES-GCM: a nonce of 12 bytes, and the ciphertext with its tag of 16 bytes behind it.
public struct SealedBox: Hashable, Sendable {
    public let nonce: [UInt8]
    public let ciphertextAndTag: [UInt8]

    public static let nonceLength = 12
    public static let tagLength = 16

    public init(nonce: [UInt8], ciphertextAndTag: [UInt8]) {
        precondition(nonce.count == Self.nonceLength && ciphertextAndTag.count >= Self.tagLength)
        self.nonce = nonce
        self.ciphertextAndTag = ciphertextAndTag
    }
}
