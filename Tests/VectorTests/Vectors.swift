import Foundation

/// Published test vectors, as `scripts/vectors` fetched them.
enum Vectors {
    struct Missing: Error, CustomStringConvertible {
        let file: String

        var description: String { "\(file) is not in .vectors: run scripts/vectors" }
    }

    static func data(_ file: String) throws -> Data {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let data = FileManager.default.contents(atPath: top.appending(path: ".vectors/\(file)").path) else {
            throw Missing(file: file)
        }
        return data
    }

    /// Returns the blocks of a NIST response file: names and values, in order; `[NAME = value]` applies to the blocks below it.
    static func blocks(_ file: String) throws -> [[String: String]] {
        var blocks: [[String: String]] = []
        var block: [String: String] = [:]
        var header: [String: String] = [:]
        let lines =
            String(decoding: try data(file).filter { $0 != 0x0D }, as: UTF8.self).components(separatedBy: "\n") + [""]
        for line in lines.map({ $0.trimmingCharacters(in: .whitespacesAndNewlines) }) where !line.hasPrefix("#") {
            if line.isEmpty {
                if !block.isEmpty { blocks.append(header.merging(block) { $1 }) }
                block = [:]
            } else if line.hasPrefix("[") {
                let parts = line.dropFirst().dropLast().components(separatedBy: " = ")
                if parts.count == 2 { header[parts[0]] = parts[1] }
            } else if line == "FAIL" {
                block["FAIL"] = ""
            } else {
                let parts = line.components(separatedBy: "=").map { $0.trimmingCharacters(in: .whitespaces) }
                block[parts[0]] = parts.count > 1 ? parts[1] : ""
            }
        }
        return blocks
    }

    /// Returns the groups of a Wycheproof file.
    static func wycheproof(_ file: String) throws -> [Group] {
        try JSONDecoder().decode(File.self, from: try data(file)).testGroups
    }

    private struct File: Decodable {
        let testGroups: [Group]
    }

    struct Group: Decodable {
        let keySize: Int?
        let ivSize: Int?
        let tagSize: Int?
        let publicKeyDer: String?
        let publicKey: PublicKey?
        let privateKey: [String: String]?
        let tests: [Test]
    }

    struct PublicKey: Decodable {
        let uncompressed: String?
        let modulus: String?
        let publicExponent: String?
    }

    struct Test: Decodable {
        let tcId: Int
        let comment: String
        let flags: [String]
        let key: String?
        let iv: String?
        let aad: String?
        let msg: String?
        let ct: String?
        let tag: String?
        let sig: String?
        let label: String?
        let result: String

        var isValid: Bool { result == "valid" }
    }
}

extension String {
    /// The bytes of hexadecimal digits.
    var hex: [UInt8] {
        let digits = Array(utf8).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
