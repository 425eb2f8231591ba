package import KeyManagement
internal import NIOCore
package import SecretMemory

/// A JSON value whose shape is not known beforehand. Texts are ranges of the body, not copies of it. A secret is read from there straight
/// into memory that will be zeroed.
package enum JSONNode: Sendable {
    case object([Member])
    case list([JSONNode])
    case text(JSONString)
    /// The number as written in the body.
    case number(String)
    case flag(Bool)
    case null

    package struct Member: Sendable {
        package let name: String
        package let value: JSONNode
    }

    /// Returns the value of an object's member. Names are compared as bytes, and none is duplicated.
    package func member(_ name: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

extension JSONReader {
    /// Reads any value, at most `depth` objects and lists deep.
    package mutating func node(depth: Int = 8) throws(KMSError) -> JSONNode {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try objectNode(depth: depth)
        case UInt8(ascii: "["): return try listNode(depth: depth)
        case UInt8(ascii: "\""):
            let string = try string(.body)
            if !string.isASCII, try text(of: string) == nil { throw .invalidRequest("a text is not UTF-8") }
            return .text(string)
        default:
            if take(word: "true") { return .flag(true) }
            if take(word: "false") { return .flag(false) }
            if take(word: "null") { return .null }
            return try numberNode()
        }
    }

    private mutating func objectNode(depth: Int) throws(KMSError) -> JSONNode {
        try requireRoom(depth)
        _ = take("{")
        var members: [JSONNode.Member] = []
        var names: Set<ExactText> = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            let name = try text(.body)
            guard names.insert(ExactText(name)).inserted else {
                throw .invalidRequest("the member \(FieldPath.shown(name)) comes twice")
            }
            skipSpace()
            guard take(":") else { throw malformed("':'") }
            members.append(JSONNode.Member(name: name, value: try node(depth: depth - 1)))
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw malformed("',' or '}'") }
            return .object(members)
        }
    }

    private mutating func listNode(depth: Int) throws(KMSError) -> JSONNode {
        try requireRoom(depth)
        _ = take("[")
        var items: [JSONNode] = []
        skipSpace()
        if take("]") { return .list(items) }
        while true {
            items.append(try node(depth: depth - 1))
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw malformed("',' or ']'") }
            return .list(items)
        }
    }

    private func requireRoom(_ depth: Int) throws(KMSError) {
        guard depth > 0 else { throw .invalidRequest("the JSON is nested too deeply") }
    }

    /// Reads a number of RFC 8259 §6 that a `Double` can hold.
    private mutating func numberNode() throws(KMSError) -> JSONNode {
        let start = position
        _ = take("-")
        let isZero = current == UInt8(ascii: "0")
        guard let digits = takeDigits(), digits == 1 || !isZero else { throw malformed("a value") }
        if take("."), takeDigits() == nil { throw malformed("a digit") }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard takeDigits() != nil else { throw malformed("a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw .invalidRequest("malformed JSON at byte \(start): the number is too large")
        }
        return .number(text)
    }

    /// Steps over digits.
    ///
    /// - Returns: the number of digits; nil if there is none.
    private mutating func takeDigits() -> Int? {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { advance() }
        return position > start ? position - start : nil
    }

    /// Returns the characters of a text that was found before; nil if they are not UTF-8.
    package func text(of string: JSONString) throws(KMSError) -> String? {
        string.hasEscapes
            ? String(validating: try unescaped(string), as: UTF8.self)
            : String(validating: bytes[string.range], as: UTF8.self)
    }

    /// Returns the bytes that a text found before encodes in base64; nil if it is not base64.
    package func secret(of string: JSONString) throws(KMSError) -> SecretBytes? {
        guard string.hasEscapes else { return bytes[string.range].withUnsafeBytes { Base64.decode($0) } }
        return try unescapedSecret(string).withUnsafeBytes { Base64.decode($0) }
    }
}
