package import KeyManagement

/// The fields of an object: an enumeration with their names as raw values.
package protocol JSONFields: RawRepresentable<String>, CaseIterable, Equatable {}

extension JSONReader {
    /// Reads an object of known fields; `member` reads the value of each field that is present.
    @inlinable package mutating func object<Field: JSONFields>(
        of fields: Field.Type, _ member: (inout JSONReader, Field) throws(KMSError) -> Void
    ) throws(KMSError) {
        var seen: [Field] = []
        try members(of: .body) { (reader, name) throws(KMSError) in
            // Compared as bytes, because `String` takes other characters for some of ASCII.
            guard name.isASCII, let field = Field(rawValue: name) else {
                throw .invalidRequest("unknown field \(FieldPath.shown(name)); \(Self.list(fields))")
            }
            guard !seen.contains(field) else { throw .invalidRequest("the field \(name) comes twice") }
            seen.append(field)
            try member(&reader, field)
        }
    }

    /// Reads an object whose names and values are texts that the caller chooses.
    package mutating func texts(_ field: FieldPath) throws(KMSError) -> TextPairs {
        var pairs = TextPairs()
        try members(of: field) { (reader, name) throws(KMSError) in
            let path = FieldPath(name, of: field)
            guard pairs.insert(try reader.text(path), for: name) else {
                throw .invalidRequest("\(path) comes twice")
            }
        }
        return pairs
    }

    /// Reads a list of at most `limit` values. Errors name the place of the value, counted from 0.
    @inlinable package mutating func list<Item>(
        _ field: FieldPath, atMost limit: Int, _ item: (inout JSONReader) throws(KMSError) -> Item
    ) throws(KMSError) -> [Item] {
        skipSpace()
        guard take("[") else { throw mismatch(field, expected: "a list") }
        var items: [Item] = []
        skipSpace()
        if take("]") { return items }
        while true {
            guard items.count < limit else { throw .invalidRequest("\(field) has more than \(limit) items") }
            skipSpace()
            do throws(KMSError) {
                items.append(try item(&self))
            } catch .invalidRequest(let what) {
                throw .invalidRequest("\(field)[\(items.count)]: \(what)")
            } catch {
                throw error
            }
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw malformed("',' or ']'") }
            return items
        }
    }

    @usableFromInline mutating func members(
        of field: FieldPath, _ member: (inout JSONReader, String) throws(KMSError) -> Void
    ) throws(KMSError) {
        skipSpace()
        guard take("{") else { throw mismatch(field, expected: "an object") }
        skipSpace()
        if take("}") { return }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw malformed("the name of a field") }
            let name = try text(field)
            skipSpace()
            guard take(":") else { throw malformed("':'") }
            skipSpace()
            try member(&self, name)
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw malformed("',' or '}'") }
            return
        }
    }

    @usableFromInline static func list<Field: JSONFields>(_ fields: Field.Type) -> String {
        let names = fields.allCases.map(\.rawValue)
        return names.isEmpty ? "no fields are taken here" : "known are \(names.joined(separator: ", "))"
    }
}
