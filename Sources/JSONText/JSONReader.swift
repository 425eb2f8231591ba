package import KeyManagement
package import NIOCore

/// Reads one JSON text (RFC 8259) from front to back, exactly as the request's shape requires.
///
/// It is stricter than most readers. It refuses unknown and duplicate fields, values of another type, `null`, text that is not UTF-8, and
/// anything after the end, each with its name. Messages repeat nothing of the body but the names of fields. Recursion is never deeper than
/// the shape.
package struct JSONReader: Sendable {
    /// A copy of the body, so that each access is checked against its bounds, in release builds too. Like the body's own buffer, it is not
    /// zeroed.
    package let bytes: [UInt8]
    package private(set) var position = 0

    /// Reads a whole body.
    package static func read<Value>(
        _ buffer: ByteBuffer, as shape: (inout JSONReader) throws(KMSError) -> Value
    ) throws(KMSError) -> Value {
        var reader = JSONReader(bytes: Array(buffer.readableBytesView))
        let value = try shape(&reader)
        reader.skipSpace()
        guard reader.current == nil else { throw reader.malformed("nothing more") }
        return value
    }

    /// Reads a body that is already an array of bytes.
    package static func read<Value>(
        bytes: [UInt8], as shape: (inout JSONReader) throws(KMSError) -> Value
    ) throws(KMSError) -> (value: Value, reader: JSONReader) {
        var reader = JSONReader(bytes: bytes)
        let value = try shape(&reader)
        reader.skipSpace()
        guard reader.current == nil else { throw reader.malformed("nothing more") }
        return (value, reader)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The bytes that a value may begin with.
    private static let firstOfValues = Array("{[\"-0123456789tfn".utf8)

    /// The next byte; nil at the end.
    package var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    package mutating func advance(by count: Int = 1) {
        position += count
    }

    package mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { advance() }
    }

    /// Steps over `byte` if it comes next.
    package mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        advance()
        return true
    }

    /// Steps over `word` if it comes next.
    package mutating func take(word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            word.withUTF8Buffer({ $0.elementsEqual(bytes[position..<end]) })
        else { return false }
        position = end
        return true
    }

    /// Reads a value as `shape`. Steps over a value that is JSON but not of this shape, and returns its error.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the value is not JSON, because then nothing after it can be read.
    package mutating func attempt<Value>(
        _ shape: (inout JSONReader) throws(KMSError) -> Value
    ) throws(KMSError) -> Result<Value, KMSError> {
        let start = self
        do throws(KMSError) {
            return .success(try shape(&self))
        } catch {
            self = start
            try skipValue()
            return .failure(error)
        }
    }

    package func malformed(_ expected: String) -> KMSError {
        guard position < bytes.count else {
            return .invalidRequest("malformed JSON: it ends where \(expected) is expected")
        }
        return .invalidRequest("malformed JSON at byte \(position): \(expected) is expected")
    }

    /// Returns the error for a value that is not of the type of `field`.
    package func mismatch(_ field: FieldPath, expected: String) -> KMSError {
        let isValue = current.map { Self.firstOfValues.contains($0) } ?? false
        return isValue ? .invalidRequest("\(field) is not \(expected)") : malformed(expected)
    }
}

/// The place of a value in a body, for messages.
package struct FieldPath: CustomStringConvertible {
    package let description: String

    package static let body = FieldPath(description: "the body")

    package init(_ name: some RawRepresentable<String>) {
        description = name.rawValue
    }

    /// Names a member whose name the caller chose; the name is shown if it is short and harmless.
    package init(_ member: String, of parent: FieldPath) {
        description = "\(parent).\(Self.shown(member))"
    }

    private init(description: String) {
        self.description = description
    }

    /// Returns a name of the request in a form that may appear in an answer.
    package static func shown(_ name: String) -> String {
        let isHarmless = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isHarmless ? "'\(name)'" : "(a name of \(name.utf8.count) bytes)"
    }
}
