import Foundation
import KeyManagement
import NIOCore

@testable import JSONText
@testable import KMSClient

extension FuzzTarget {
    static let jsonTargets = [json, answer]

    /// The JSON of requests to all APIs, read without a schema.
    private static let json = FuzzTarget("json") { (bytes) throws(BrokenProperty) in
        guard let read = try? JSONReader.read(bytes: bytes, as: { (reader) throws(KMSError) in try reader.node() }),
            let text = try? written(read.value, read.reader)
        else { return }
        let twice = try? JSONReader.read(bytes: text, as: { (reader) throws(KMSError) in try reader.node() })
        let again = twice.flatMap { try? written($0.value, $0.reader) }
        try hold(again == text, "what is written is read as something else")
        let known = foundationObject(bytes)
        try hold(known != nil, "another reader refuses it")
        // Foundation compares names as text, so names that are equal text in two forms are one name there.
        try hold(known == foundationObject(text), "another reader reads something else")
    }

    /// The JSON of answers, as the client reads it: it accepts what the reader of requests accepts, and writes what it has read.
    private static let answer = FuzzTarget("answer") { (bytes) throws(BrokenProperty) in
        let value = try? JSONParser.parse(bytes)
        let request = try? JSONReader.read(
            bytes: bytes, as: { (reader) throws(KMSError) in try reader.node(depth: 32) })
        // The reader of requests checks escapes when a text is used.
        let used = request.flatMap { try? written($0.value, $0.reader) }
        try hold((value == nil) == (used == nil), "one reader accepts it, and the other refuses it")
        guard let text = value?.json() else { return }
        let again = try? JSONParser.parse(text)
        try hold(again?.json() == text, "what is written is read as something else")
        try hold(foundationObject(bytes) == foundationObject(text), "another reader reads something else")
    }

    /// Returns the value that Foundation reads, or nil.
    ///
    /// Foundation reads the parts of a string between escapes separately, and drops a U+FEFF at the start of each as a byte order
    /// mark. RFC 8259 section 8.1 refers only to the start of a text, so each U+FEFF is escaped before Foundation sees it.
    private static func foundationObject(_ bytes: [UInt8]) -> NSObject? {
        let escaped = Data(bytes).replacing(Data([0xEF, 0xBB, 0xBF]), with: Data(#"\ufeff"#.utf8))
        return try? JSONSerialization.jsonObject(with: escaped, options: .fragmentsAllowed) as? NSObject
    }

    /// Writes a value with its members in their order; nil text is not UTF-8.
    private static func written(_ node: JSONNode, _ reader: JSONReader) throws -> [UInt8] {
        switch node {
        case .object(let members):
            var parts: [[UInt8]] = []
            for member in members { parts.append(quoted(member.name) + [0x3A] + (try written(member.value, reader))) }
            return [0x7B] + parts.joined(separator: [0x2C]) + [0x7D]
        case .list(let items):
            return [0x5B] + (try items.map { try written($0, reader) }).joined(separator: [0x2C]) + [0x5D]
        case .text(let string):
            guard let text = try reader.text(of: string) else { throw BrokenProperty("a text that is no UTF-8") }
            return quoted(text)
        case .number(let text): return Array(text.utf8)
        case .flag(let flag): return Array((flag ? "true" : "false").utf8)
        case .null: return Array("null".utf8)
        }
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.item(text)
        return Array(writer.finish().readableBytesView)
    }
}
