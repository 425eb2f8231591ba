import Encodings
public import SecretMemory

/// Bytes that travel as base64 (RFC 4648 §4) and are not secret, such as a signature.
public struct Base64Bytes: Sendable, Hashable {
    public let bytes: [UInt8]

    public init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    /// The bytes as base64.
    public var text: String { Base64Text.encode(bytes) }
}

extension Base64Bytes: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let bytes = Base64Text.decode(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not base64"))
        }
        self.bytes = bytes
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Secret bytes that travel as base64 (RFC 4648 §4), such as the plaintext of a data key.
///
/// They are decoded straight into memory that is zeroed on release. The buffers of the connection are not zeroed. Encoding reveals the
/// secret.
public struct Base64Secret: Sendable, Equatable {
    public let bytes: SecretBytes

    public init(_ bytes: SecretBytes) { self.bytes = bytes }

    /// The base64, in UTF-8.
    package var text: SecretBytes {
        bytes.withUnsafeBytes { bytes in
            SecretBytes(capacity: Base64Codec.length(ofEncoded: bytes.count)) { Base64Codec.encode(bytes, into: $0) }
        }
    }

    /// Reads base64 in UTF-8; returns nil for anything else.
    init?(text: SecretBytes) {
        var isText = false
        bytes = text.withUnsafeBytes { text in
            SecretBytes(capacity: (text.count + 3) / 4 * 3) { output in
                guard let count = Base64Codec.decode(text, into: output) else { return 0 }
                isText = true
                return count
            }
        }
        guard isText else { return nil }
    }
}

extension Base64Secret: Codable {
    public init(from decoder: any Decoder) throws {
        let text: SecretBytes
        if let decoder = decoder as? ValueDecoder, case .secret(let secret) = decoder.value {
            text = secret
        } else {
            text = SecretBytes(copying: Array(try decoder.singleValueContainer().decode(String.self).utf8))
        }
        guard let secret = Base64Secret(text: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not base64"))
        }
        self = secret
    }

    public func encode(to encoder: any Encoder) throws {
        if let encoder = encoder as? ValueEncoder {
            encoder.slot.content = .value(.secret(text))
        } else {
            var container = encoder.singleValueContainer()
            try container.encode(text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
    }
}
