import Crypto

/// A bearer token as its owner keeps it: `kms_` and 43 characters of base64url, 256 random bits. The store has its hash only.
public struct BearerToken: Sendable {
    private let secret: SecretBytes

    /// The number of characters: 47.
    public static let length = prefix.count + 43
    private static let prefix = "kms_"

    /// Takes 32 random bytes.
    public init(randomBytes: SecretBytes) {
        precondition(randomBytes.count == 32, "a bearer token is made of 256 bits")
        secret = SecretBytes(capacity: Self.length) { buffer in
            randomBytes.withUnsafeBytes { Self.encode($0, into: buffer) }
        }
    }

    /// Takes what a caller presented; anything that is no token at all is nil.
    public init?(presented text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == Self.length, bytes.starts(with: Self.prefix.utf8) else { return nil }
        secret = SecretBytes(copying: bytes)
    }

    /// The text, for the file that its owner keeps.
    public func withText<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try secret.withUnsafeBytes(body)
    }

    /// SHA-256 of the text. A token has 256 bits of its own, so a plain hash cannot be searched.
    public var hash: CredentialHash {
        CredentialHash(bytes: secret.withUnsafeBytes { Array(SHA256.hash(data: $0)) })
    }

    /// base64url without padding (RFC 4648 §5), written without a copy that nobody would erase.
    private static func encode(_ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var position = 0
        for character in prefix.utf8 {
            buffer[position] = character
            position += 1
        }
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                buffer[position] = alphabet[Int(bits >> UInt32(bitCount) & 0x3F)]
                position += 1
            }
        }
        buffer[position] = alphabet[Int(bits << UInt32(6 - bitCount) & 0x3F)]
        return position + 1
    }
}

/// SHA-256 of a bearer token: what the store knows of it.
public struct CredentialHash: Hashable, Sendable {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Who a bearer token stands for. Sealed: whoever can write to the database could else make a Manager of himself.
public struct CredentialRecord: Hashable, Sendable, Sealable {
    public let hash: CredentialHash
    public let subject: SubjectID
    public let project: ProjectID
    public let role: Role
    public let createdAt: Timestamp

    public init(hash: CredentialHash, subject: SubjectID, project: ProjectID, role: Role, createdAt: Timestamp) {
        self.hash = hash
        self.subject = subject
        self.project = project
        self.role = role
        self.createdAt = createdAt
    }

    public var sealedName: String { "the credential of \(subject)" }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/seal/credential/1")
        encoding.append(1, hash.bytes)
        encoding.append(2, subject.text)
        encoding.append(3, project.text)
        encoding.append(4, role.rawValue)
        encoding.append(5, createdAt.milliseconds)
        return encoding.bytes
    }
}
