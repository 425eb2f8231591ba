import Foundation
import KMSTesting
import KeyManagement
import SecretMemory
import Testing

@testable import FileEncryption

/// An encrypted file made by `Tests/Clients/file/make_vectors.py` from the format specification.
struct FileVector: Decodable, CustomTestStringConvertible, Sendable {
    let name: String
    let dataKey: String
    let salt: String
    let chunkSizeExponent: UInt8
    let context: [String: String]
    let wrappedKey: String
    let contentLength: Int
    let fileLength: Int
    let fileSHA256: String
    /// The file in hexadecimal, if it is short.
    let file: String?

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Clients/file")

    static let all: [FileVector] = {
        let file = folder.appending(path: "vectors.json")
        do {
            return try JSONDecoder().decode([FileVector].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()

    var content: [UInt8] { Self.content(contentLength) }

    static func content(_ length: Int) -> [UInt8] {
        let period = (0..<251).map { UInt8($0) }
        var content: [UInt8] = []
        while content.count < length { content += period }
        return Array(content[..<length])
    }

    var secret: SecretBytes { SecretBytes(copying: Hex.bytes(dataKey)) }

    func encryptor() throws -> FileEncryptor {
        try FileEncryptor(
            dataKey: secret, wrappedKey: #require(Ciphertext(bytes: Hex.bytes(wrappedKey))),
            context: EncryptionContext(context), chunkSize: #require(ChunkSize(exponent: chunkSizeExponent)),
            salt: Hex.bytes(salt))
    }
}

enum Hex {
    static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
    }
}
