import KMSTesting
import Testing

@testable import KeyManagement

@Suite
struct EncryptionContextTests {
    private func encoded(_ pairs: [String: String]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try EncryptionContext(pairs).encode(into: &bytes)
        return bytes
    }

    @Test func `does not depend on the order of its pairs`() throws {
        let names = (0..<40).map { "name-\($0)" }
        let forward = Dictionary(uniqueKeysWithValues: names.map { ($0, "v") })
        var backward: [String: String] = [:]
        backward.reserveCapacity(500)
        for name in names.reversed() { backward[name] = "v" }
        #expect(try encoded(forward) == encoded(backward))
        #expect(try EncryptionContext(forward) == EncryptionContext(backward))
        #expect(try EncryptionContext(forward).hashValue == EncryptionContext(backward).hashValue)
    }

    @Test func `sorts by the bytes of the names: upper case before lower case, a prefix before what begins with it`()
        throws
    {
        #expect(
            try encoded(["b": "", "a": "", "B": "", "ab": ""])
                == [0, 4] + [0, 1, 0x42, 0, 0] + [0, 1, 0x61, 0, 0] + [0, 2, 0x61, 0x62, 0, 0] + [0, 1, 0x62, 0, 0])
    }

    @Test func `cannot be confused with another by moving text from a name to its value, or from pair to pair`() throws
    {
        let contexts: [[String: String]] = [
            [:], ["a": "bc"], ["ab": "c"], ["abc": ""], ["a": "b", "c": ""], ["a": "", "b": "c"], ["a": "", "bc": ""],
            ["a": "c", "b": ""], ["a": "\u{0}\u{1}b"],
        ]
        let encodings = try contexts.map { try encoded($0) }
        #expect(Set(encodings).count == contexts.count)
        #expect(Set(try contexts.map { try EncryptionContext($0) }).count == contexts.count)
    }

    @Test func `tells apart what only looks the same: é as one character and as two`() throws {
        #expect(try encoded(["n": "\u{e9}"]) != encoded(["n": "e\u{301}"]))
        #expect(try EncryptionContext(["n": "\u{e9}"]) != EncryptionContext(["n": "e\u{301}"]))
    }

    @Test func `has names that are not empty; values may be`() throws {
        #expect(throws: KMSError.self) { try EncryptionContext(["": "value"]) }
        #expect(throws: KMSError.self) { try EncryptionContext(["name": "value", "": ""]) }
        #expect(try !EncryptionContext(["name": ""]).isEmpty)
        #expect(EncryptionContext.empty.isEmpty)
        #expect(try EncryptionContext([:]) == .empty)
    }

    @Test func `has at most 8192 bytes, encoded`() throws {
        // 2 for the count, 2 + 4 for the name, 2 for the length of the value.
        let maxLength = String(repeating: "v", count: 8192 - 10)
        #expect(try encoded(["name": maxLength]).count == 8192)
        #expect(throws: KMSError.self) { try EncryptionContext(["name": maxLength + "v"]) }
        #expect(throws: KMSError.self) { try EncryptionContext(["name": String(repeating: "é", count: 4092)]) }
        // Many small pairs: 2 for the count, and 6 for each pair with a name of two letters and no value.
        func many(_ count: Int) -> [String: String] {
            let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
            return Dictionary(
                uniqueKeysWithValues: (0..<count).map { ("\(letters[$0 / 52])\(letters[$0 % 52])", "") })
        }
        #expect(try encoded(many(1365)).count == 8192)
        #expect(throws: KMSError.self) { try EncryptionContext(many(1366)) }
    }
}
