internal import Encodings
internal import LibCrypto

/// The result of an encryption, with all that is needed to find the key again.
///
/// Binary form of AES: `0x01 | key id (16) | version (4, big-endian) | nonce (12) | ciphertext | tag (16)`.
/// Binary form of RSA: `0x02 | key id (16) | version (4, big-endian) | padding (1: OAEP with SHA-1, 2: with SHA-256) |
/// ciphertext`.
/// Text form: `kms:<version>:<base64 of the binary>`; the two versions must agree.
package struct Ciphertext: Hashable, Sendable {
    /// The version that made it. Only this version can decrypt it.
    package let version: VersionID
    package let body: Body

    /// The output of the encryption, by kind of key.
    package enum Body: Hashable, Sendable {
        /// The output of AES-GCM in the token.
        case aes(SealedBox)
        /// The output of RSA, made with the public key by the service or by others.
        case rsa(AsymmetricEncryption, [UInt8])
    }

    private static let headerLength = 1 + KeyID.byteCount + 4

    /// The number of bytes that encryption with AES adds to a plaintext: 49.
    package static let overhead = headerLength + SealedBox.nonceLength + SealedBox.tagLength

    /// The lengths of RSA ciphertexts, in bytes.
    private static let rsaLengths: Set<Int> = [256, 384, 512]

    package init(version: VersionID, body: Body) {
        self.version = version
        self.body = body
    }

    package init(version: VersionID, box: SealedBox) {
        self.init(version: version, body: .aes(box))
    }

    /// The AES-GCM output of the token; `nil` for RSA.
    package var box: SealedBox? {
        switch body {
        case .aes(let box): box
        case .rsa: nil
        }
    }

    /// Reads the binary form; `nil` if the bytes cannot be one.
    package init?(bytes: [UInt8]) {
        guard bytes.count > Self.headerLength, let key = KeyID(bytes: bytes[1..<17]),
            let number = VersionNumber(bytes[17..<21].reduce(0) { $0 << 8 | UInt32($1) })
        else { return nil }
        switch bytes[0] {
        case Body.aesFormat where bytes.count >= Self.overhead:
            body = .aes(SealedBox(nonce: Array(bytes[21..<33]), ciphertextAndTag: Array(bytes[33...])))
        case Body.rsaFormat where Self.rsaLengths.contains(bytes.count - Self.headerLength - 1):
            guard let padding = Body.padding(of: bytes[21]) else { return nil }
            body = .rsa(padding, Array(bytes[22...]))
        default: return nil
        }
        version = VersionID(key: key, number: number)
    }

    /// Reads the text form or the bare base64 of the binary form; `nil` if the text is neither.
    ///
    /// Each ciphertext has exactly one text of either kind: base64 with stray bits before its padding is rejected.
    package init?(text: String) {
        var text = text
        // Compare bytes: a combining mark after a colon would turn it into another character.
        guard let read = text.withUTF8({ Self.read(UnsafeRawBufferPointer($0)) }) else { return nil }
        self.init(bytes: read.bytes)
        if let number = read.number, version.number != number { return nil }
    }

    /// Reads a text: the binary form and, for the text form, the version number before it.
    private static func read(_ text: UnsafeRawBufferPointer) -> (number: VersionNumber?, bytes: [UInt8])? {
        let prefix = textPrefix.utf8
        guard text.starts(with: prefix) else { return Base64Text.decode(text).map { (nil, $0) } }
        let rest = text[prefix.count...]
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let number = VersionNumber(String(decoding: rest[..<colon], as: UTF8.self)),
            let bytes = Base64Text.decode(UnsafeRawBufferPointer(rebasing: rest[(colon + 1)...]))
        else { return nil }
        return (number, bytes)
    }

    /// The binary form.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        switch body {
        case .aes(let box):
            bytes.reserveCapacity(Self.headerLength + box.nonce.count + box.ciphertextAndTag.count)
            Self.appendHeader(Body.aesFormat, of: version, to: &bytes)
            bytes.append(contentsOf: box.nonce)
            bytes.append(contentsOf: box.ciphertextAndTag)
        case .rsa(let padding, let ciphertext):
            Self.appendHeader(Body.rsaFormat, of: version, to: &bytes)
            bytes.append(Body.code(of: padding))
            bytes.append(contentsOf: ciphertext)
        }
        return bytes
    }

    /// The bare base64 of the binary form.
    package var base64: String { Base64Text.encode(bytes) }

    /// The text form.
    package var text: String { "\(Self.textPrefix)\(version.number):\(base64)" }

    private static let textPrefix = "kms:"

    /// Returns the additional authenticated data, never empty: a string that no other use of the key shares, the header, and
    /// the encryption context.
    static func additionalData(for version: VersionID, context: EncryptionContext) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        bytes.append(contentsOf: domainSeparation)
        appendHeader(Body.aesFormat, of: version, to: &bytes)
        context.encode(into: &bytes)
        return bytes
    }

    private static let domainSeparation = Array("hsm-kms/ciphertext/1\0".utf8)

    private static func appendHeader(_ format: UInt8, of version: VersionID, to bytes: inout [UInt8]) {
        bytes.append(format)
        bytes.append(contentsOf: version.key.bytes)
        withUnsafeBytes(of: version.number.value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension Ciphertext.Body {
    /// The first byte of the binary form.
    fileprivate static let aesFormat: UInt8 = 0x01
    fileprivate static let rsaFormat: UInt8 = 0x02

    fileprivate static func code(of padding: AsymmetricEncryption) -> UInt8 {
        switch padding {
        case .oaepSHA1: 1
        case .oaepSHA256: 2
        }
    }

    fileprivate static func padding(of code: UInt8) -> AsymmetricEncryption? {
        AsymmetricEncryption.allCases.first { Self.code(of: $0) == code }
    }
}

/// The output of AES-GCM: a nonce of 12 bytes, and the ciphertext with its tag of 16 bytes behind it.
package struct SealedBox: Hashable, Sendable {
    package let nonce: [UInt8]
    package let ciphertextAndTag: [UInt8]

    package static let nonceLength = 12
    package static let tagLength = 16

    package init(nonce: [UInt8], ciphertextAndTag: [UInt8]) {
        precondition(nonce.count == Self.nonceLength && ciphertextAndTag.count >= Self.tagLength)
        self.nonce = nonce
        self.ciphertextAndTag = ciphertextAndTag
    }
}
