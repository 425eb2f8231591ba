import Foundation
import Testing

@testable import KeyManagement

@Suite
struct CiphertextTests {
    /// A ciphertext of five bytes by version 0x01020304 of key 00010203-…, written by hand from the design's format.
    static let bytes: [UInt8] =
        [0x01]  // format
        + [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x46, 0x07, 0x88, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f]  // key id
        + [0x01, 0x02, 0x03, 0x04]  // version
        + [0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b]  // nonce
        + [0xc0, 0xc1, 0xc2, 0xc3, 0xc4]  // ciphertext
        + [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff]  // tag

    /// The same, as `base64` of coreutils prints it.
    static let base64 = "AQABAgMEBUYHiAkKCwwNDg8BAgMEICEiIyQlJicoKSorwMHCw8Tw8fLz9PX29/j5+vv8/f7/"

    @Test func `is read from its binary form, field by field`() throws {
        let ciphertext = try #require(Ciphertext(bytes: Self.bytes))
        #expect(ciphertext.version.key.description == "00010203-0405-4607-8809-0a0b0c0d0e0f")
        #expect(ciphertext.version.number.value == 16_909_060)
        #expect(ciphertext.box?.nonce == Array(0x20...0x2b))
        #expect(ciphertext.box?.ciphertextAndTag == Array(0xc0...0xc4) + Array(0xf0...0xff))
        #expect(ciphertext.bytes == Self.bytes)
    }

    @Test func `has a text form, and bare base64 means the same`() throws {
        let ciphertext = try #require(Ciphertext(bytes: Self.bytes))
        #expect(ciphertext.base64 == Self.base64)
        #expect(ciphertext.text == "kms:16909060:\(Self.base64)")
        #expect(Ciphertext(text: "kms:16909060:\(Self.base64)") == ciphertext)
        #expect(Ciphertext(text: Self.base64) == ciphertext)
    }

    @Test(arguments: 0..<49) func `is at least 49 bytes long`(_ count: Int) {
        #expect(Ciphertext(bytes: Array(Self.bytes.prefix(count))) == nil)
    }

    @Test func `may be empty inside: 49 bytes are enough`() {
        #expect(Ciphertext.overhead == 49)
        #expect(Ciphertext(bytes: Array(Self.bytes.prefix(49)))?.box?.ciphertextAndTag.count == 16)
    }

    @Test(arguments: [0x00, 0x02, 0x10, 0x80, 0xff] as [UInt8]) func `of another format is none of ours`(_ byte: UInt8)
    {
        #expect(Ciphertext(bytes: [byte] + Self.bytes.dropFirst()) == nil)
    }

    @Test func `of version 0 is nobody's`() {
        var bytes = Self.bytes
        bytes.replaceSubrange(17..<21, with: [0, 0, 0, 0])
        #expect(Ciphertext(bytes: bytes) == nil)
    }

    @Test(arguments: [
        "",
        "kms:",
        "kms::\(base64)",
        "kms:16909060",
        "kms:16909060:",
        "kms:16909061:\(base64)",
        "kms:1:\(base64)",
        "kms:0:\(base64)",
        "kms:016909060:\(base64)",
        "kms:+16909060:\(base64)",
        "kms:-16909060:\(base64)",
        "kms: 16909060:\(base64)",
        "kms:16909060 :\(base64)",
        "kms:16909060: \(base64)",
        "kms:16909060:\(base64)\n",
        "kms:16909060::\(base64)",
        "kms:99999999999:\(base64)",
        "kms:\u{301}16909060:\(base64)",
        "kms\u{301}:16909060:\(base64)",
        "kms:١:\(base64)",
        "KMS:16909060:\(base64)",
        "vault:v1:\(base64)",
        "16909060:\(base64)",
        "kms:16909060:\(base64.dropLast())",
        "kms:16909060:\(base64)=",
        "kms:16909060:\(base64.replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "+", with: "-"))",
        "kms:16909060:!\(base64.dropFirst())",
        "\(base64.dropLast())",
        "this is no base64",
    ])
    func `in text is refused when it is not exactly the text form`(_ text: String) {
        #expect(Ciphertext(text: text) == nil)
    }

    @Test func `the additional data is the documented bytes, no more and no less`() throws {
        let version = try #require(Ciphertext(bytes: Self.bytes)).version
        let domain: [UInt8] = [
            0x68, 0x73, 0x6d, 0x2d, 0x6b, 0x6d, 0x73, 0x2f,  // hsm-kms/
            0x63, 0x69, 0x70, 0x68, 0x65, 0x72, 0x74, 0x65, 0x78, 0x74, 0x2f, 0x31, 0x00,  // ciphertext/1 NUL
        ]
        let header = Array(Self.bytes[..<21])
        #expect(Ciphertext.additionalData(for: version, context: .empty) == domain + header + [0x00, 0x00])
        let context = try EncryptionContext(["path": "/é", "app": ""])
        let encoded: [UInt8] =
            [0x00, 0x02]  // two pairs
            + [0x00, 0x03, 0x61, 0x70, 0x70, 0x00, 0x00]  // app, empty
            + [0x00, 0x04, 0x70, 0x61, 0x74, 0x68, 0x00, 0x03, 0x2f, 0xc3, 0xa9]  // path, /é
        #expect(Ciphertext.additionalData(for: version, context: context) == domain + header + encoded)
    }
}
