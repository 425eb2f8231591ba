import Encodings
import Foundation
import JSONText
import KeyManagement
import LibCrypto
import NIOCore
import SecretMemory
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors) func `the vectors of RFC 4648 are encoded and decoded`(text: String, encoded: String)
        throws
    {
        #expect(encode(Array(text.utf8)) == encoded)
        #expect(decode(encoded) == Array(text.utf8))
    }

    @Test func `every length up to 300 and every byte are encoded as Foundation encodes them, and decoded again`() {
        for length in 0...300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            let expected = Data(bytes).base64EncodedString()
            #expect(encode(bytes) == expected)
            #expect(decode(expected) == bytes)
        }
    }

    @Test func `each single character that is not of the alphabet is refused`() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min ... .max {
            let decoded = decode(bytes: [byte, byte, byte, byte])
            #expect((decoded != nil) == alphabet.contains(byte))
        }
    }

    private func encode(_ bytes: [UInt8]) -> String {
        String(
            decoding: [UInt8](unsafeUninitializedCapacity: Base64Codec.length(ofEncoded: bytes.count)) {
                output, count in
                count = bytes.withUnsafeBytes { Base64Codec.encode($0, into: UnsafeMutableRawBufferPointer(output)) }
            }, as: UTF8.self)
    }

    private func decode(_ text: String) -> [UInt8]? { decode(bytes: Array(text.utf8)) }

    private func decode(bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBytes { Base64.decode($0) }?.withUnsafeBytes { Array($0) }
    }
}

@Suite struct JSONWriterTests {
    struct Sample: Codable, Equatable {
        struct Inner: Codable, Equatable { var text: String }
        var text: String
        var number: Int
        var largest: UInt64
        var flag: Bool
        var none: Int?
        var secret: Data
        var inner: Inner
        var list: [Inner]
        var empty: [Inner]
    }

    @Test func `what is written is what JSONDecoder reads, with every character that has to be escaped`() throws {
        let text = String((0..<0x300).compactMap(Unicode.Scalar.init).map(Character.init)) + "\u{2028}😀\"\\/"
        let sample = Sample(
            text: text, number: -42, largest: .max, flag: false, none: nil, secret: Data([0, 255, 7]),
            inner: .init(text: ""), list: [.init(text: "a"), .init(text: "\n")], empty: [])
        var writer = JSONWriter(capacity: 0)
        writer.object {
            $0.field("text", sample.text)
            $0.field("number", sample.number)
            $0.field("largest", sample.largest)
            $0.field("flag", sample.flag)
            $0.null("none")
            $0.field("secret", base64: SecretBytes(copying: sample.secret))
            $0.object("inner") { $0.field("text", sample.inner.text) }
            $0.list("list", sample.list) { writer, item in writer.object { $0.field("text", item.text) } }
            $0.list("empty", sample.empty) { _, _ in }
        }
        let written = Data(writer.finish().readableBytesView)
        #expect(try JSONDecoder().decode(Sample.self, from: written) == sample)
    }

    @Test func `an object without fields is an empty object`() {
        var writer = JSONWriter(capacity: 0)
        writer.object { _ in }
        #expect(String(buffer: writer.finish()) == "{}")
    }
}

@Suite struct JSONReaderTests {
    struct Sample: RequestBodyShape {
        var text: String?
        var number: Int?
        var flag: Bool?
        var secret: SecretBytes?
        var texts: TextPairs?

        enum Field: String, JSONFields {
            case text, number, flag, secret, texts
        }

        init(_ reader: inout JSONReader) throws(KMSError) {
            var sample = Self()
            try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
                let path = FieldPath(field)
                switch field {
                case .text: sample.text = try reader.text(path)
                case .number: sample.number = try reader.wholeNumber(path)
                case .flag: sample.flag = try reader.flag(path)
                case .secret: sample.secret = try reader.secret(path)
                case .texts: sample.texts = try reader.texts(path)
                }
            }
            self = sample
        }

        private init() {}
    }

    private func read(_ json: String) throws(KMSError) -> Sample {
        try JSONReader.read(ByteBuffer(string: json)) { (reader) throws(KMSError) in try Sample(&reader) }
    }

    @Test(
        "text is read as Foundation reads it",
        arguments: [
            #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e4\u20ac\ud83d\ude00""#, #""ä€😀""#, #""\u0000""#,
            #""\uFFFF""#,
            #""\\u0041""#, #""a\\""#,
        ])
    func text(json: String) throws {
        let expected = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
        #expect(try read(#"{"text":\#(json)}"#).text == expected)
    }

    @Test func `numbers are read to both ends of their range, and not beyond`() throws {
        for number in [0, 1, -1, 1024, Int.max, -Int.max] {
            #expect(try read(#"{"number": \#(number)}"#).number == number)
        }
        #expect(try read(#"{"number": -0}"#).number == 0)
        for number in [
            "9223372036854775808", "1e3", "3.0", "1E2", "00", "01", "-", "+1", ".5", "0x10", "NaN", "--1", "١",
        ] {
            #expect(throws: KMSError.self) { try read(#"{"number": \#(number)}"#) }
        }
    }

    @Test func `space may stand wherever RFC 8259 allows it, and no other space`() throws {
        #expect(try read(" \t\r\n{ \n\"flag\"\t:\r true , \"text\" : \"\" } \n").flag == true)
        #expect(throws: KMSError.self) { try read("{\u{0B}}") }
        #expect(throws: KMSError.self) { try read("{\u{A0}}") }
    }

    @Test func `every beginning of a body that breaks off is refused`() throws {
        let whole = Array(#"{"text":"a\u00e4","number":12,"flag":true,"secret":"QUJD","texts":{"a":"b","c":"d"}}"#.utf8)
        _ = try read(String(decoding: whole, as: UTF8.self))
        for length in 1..<whole.count {
            #expect(throws: KMSError.self) { try read(String(decoding: whole[..<length], as: UTF8.self)) }
        }
    }

    @Test func `no single changed byte makes the reader fall over`() {
        let whole = Array(
            #"{"text":"a\ud83d\ude00","number":-12,"flag":false,"secret":"\/\/8=","texts":{"a":"b"}}"#.utf8)
        var refused = 0
        for place in whole.indices {
            for byte in UInt8.min ... .max {
                var bytes = whole
                bytes[place] = byte
                do {
                    _ = try JSONReader.read(ByteBuffer(bytes: bytes)) { (reader) throws(KMSError) in try Sample(&reader)
                    }
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > whole.count * 200)
    }

    @Test func `a message about a body has nothing of its values in it`() {
        for json in [
            #"{"secret":"hunter2!"}"#, #"{"text":"hunter2"#, #"{"number":"hunter2"}"#, #"{"texts":{"a":["hunter2"]}}"#,
            #"{"flag":hunter2}"#, #"{"text":"hunter2\q"}"#, #"{"text":"a"} hunter2"#,
        ] {
            do throws(KMSError) {
                _ = try read(json)
                Issue.record("read \(json)")
            } catch {
                #expect(!error.message.contains("hunter"))
            }
        }
    }
}
