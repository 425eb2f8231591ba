import Foundation
import SecretMemory
import Testing

@testable import KMSClient

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

    @Test(arguments: [
        #"{"a":[1,-2.5e3,true,false,null,"x"],"b":{}}"#, #"[]"#, #""é😀""#, #"0"#, #"{"b":1,"a":2}"#,
    ])
    func `a text is written as it was read`(_ text: String) throws {
        #expect(String(decoding: try parse(text).json(), as: UTF8.self) == text)
    }

    @Test func `escapes are those of RFC 8259`() throws {
        let read = try parse(#"["\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00"]"#)
        guard case .list(let items) = read, case .text(let text) = try #require(items.first) else {
            Issue.record("no list")
            return
        }
        #expect(text == "\"\\/\u{08}\u{0C}\n\r\tAé😀")
        let known = try JSONSerialization.jsonObject(with: Data(read.json())) as? [String]
        #expect(known == [text])
    }

    @Test(arguments: [
        "", "{", "[1", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "01", "1.", "1e", "+1", "1e999",
        "nul",
        "1 2", #""\x""#, #""\ud83d""#, #""\udc00""#, #""\u12"#, "\"\u{01}\"", #"{a:1}"#, #"{"a" 1}"#,
    ])
    func `anything else is refused`(_ text: String) {
        #expect(throws: JSONParser.Malformed.self) { try parse(text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80]] {
            #expect(throws: JSONParser.Malformed.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
            #expect(throws: JSONParser.Malformed.self) {
                try JSONParser.parse(Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8))
            }
        }
    }

    @Test func `32 levels are read, and 33 are not`() throws {
        let text = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try parse(text(32)) }
        #expect(throws: JSONParser.Malformed.self) { try parse(text(33)) }
    }

    @Test func `two spellings of a name are two members`() throws {
        let value = try parse("{\"caf\u{E9}\":1,\"cafe\u{301}\":2}")
        guard case .number("1") = value.member("caf\u{E9}"), case .number("2") = value.member("cafe\u{301}") else {
            Issue.record("\(value)")
            return
        }
    }

    @Test func `a secret is never a string, unless it is asked for`() throws {
        let value = try parse(#"{"plaintext":"c2VjcmV0"}"#)
        guard case .secret(let text) = value.member("plaintext") else {
            Issue.record("a string")
            return
        }
        #expect(text == SecretBytes(copying: "c2VjcmV0".utf8))
        let answer = try ValueDecoder.read(RandomAnswer.self, from: value)
        #expect(answer.plaintext.bytes == SecretBytes(copying: "secret".utf8))
        #expect(!"\(answer)".contains("secret\"") && !"\(answer)".contains("c2VjcmV0"))
        #expect(
            String(decoding: try ValueEncoder.value(of: answer).json(), as: UTF8.self) == #"{"plaintext":"c2VjcmV0"}"#)
    }

    @Test(arguments: [#"a\"b"#, #"a\\b"#, #"a\u0001b"#, "ä"])
    func `a secret member with what is not base64 is written as it was`(
        _ text: String
    ) throws {
        let json = #"{"token":"\#(text)"}"#
        let written = try parse(json).json()
        #expect(
            try JSONDecoder().decode([String: String].self, from: Data(written))
                == JSONDecoder().decode([String: String].self, from: Data(json.utf8)))
    }

    @Test func `Foundation's coders read and write the same`() throws {
        let json = Data(#"{"keyId":"1","version":2,"algorithm":"A","signature":"c2ln"}"#.utf8)
        let answer = try JSONDecoder().decode(SignAnswer.self, from: json)
        #expect(answer.signature.bytes == Array("sig".utf8))
        let ours = try ValueEncoder.value(of: answer).json()
        #expect(try JSONDecoder().decode(SignAnswer.self, from: Data(ours)).signature == answer.signature)
        let secret = try JSONDecoder().decode(RandomAnswer.self, from: Data(#"{"plaintext":"c2VjcmV0"}"#.utf8))
        #expect(String(decoding: try JSONEncoder().encode(secret), as: UTF8.self) == #"{"plaintext":"c2VjcmV0"}"#)
    }

    @Test(arguments: ["c2Vjcm", "c2Vjcm=0", "c2 jcmV0", "c2Vjcm_-"]) func `other text than base64 is no secret`(
        _ text: String
    ) throws {
        let value = try parse(#"{"plaintext":"\#(text)"}"#)
        #expect(throws: (any Error).self) { try ValueDecoder.read(RandomAnswer.self, from: value) }
    }
}
