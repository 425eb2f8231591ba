/// One `name=value` of a URI. Its value is decoded but not yet interpreted.
struct RawURIAttribute {
    let name: String
    let value: [UInt8]
    private let offset: Int

    /// - Parameters:
    ///   - piece: the text between two separators; its indices are positions in the whole text.
    ///   - component: the component of the URI that the attribute is in.
    init(_ piece: ArraySlice<UInt8>, in component: URIComponent) throws(PKCS11URIError) {
        let name = piece.prefix { $0 != UInt8(ascii: "=") }
        for index in name.indices where !Self.isNameCharacter(name[index]) {
            throw PKCS11URIError(reason: .invalidName, attribute: nil, offset: index)
        }
        guard !name.isEmpty else {
            throw PKCS11URIError(reason: .invalidName, attribute: nil, offset: piece.startIndex)
        }
        self.name = String(decoding: name, as: UTF8.self)
        guard name.endIndex < piece.endIndex else {
            throw PKCS11URIError(reason: .missingEqualsSign, attribute: self.name, offset: name.endIndex)
        }
        offset = name.endIndex + 1
        value = try Self.decode(piece[offset...], of: self.name, in: component)
    }

    private static func decode(
        _ text: ArraySlice<UInt8>, of name: String, in component: URIComponent
    ) throws(PKCS11URIError) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let high = hexDigit(text[index + 1]),
                    let low = hexDigit(text[index + 2])
                else { throw PKCS11URIError(reason: .invalidPercentEncoding, attribute: name, offset: index) }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                guard component.allows(text[index]) else {
                    throw PKCS11URIError(reason: .forbiddenCharacter, attribute: name, offset: index)
                }
                decoded.append(text[index])
                index += 1
            }
        }
        return decoded
    }

    private static func hexDigit(_ character: UInt8) -> UInt8? {
        Character(UnicodeScalar(character)).hexDigitValue.map(UInt8.init)
    }

    private static func isNameCharacter(_ character: UInt8) -> Bool {
        let character = Character(UnicodeScalar(character))
        return character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
    }
}

extension RawURIAttribute {
    func error(_ reason: PKCS11URIError.Reason) -> PKCS11URIError {
        PKCS11URIError(reason: reason, attribute: name, offset: offset)
    }

    func text() throws(PKCS11URIError) -> String {
        guard let text = String(validating: value, as: UTF8.self) else { throw error(.notUTF8) }
        return text
    }

    func number() throws(PKCS11URIError) -> UInt {
        guard let number = Self.decimal(value, as: UInt.self) else {
            throw error(.invalidValue(expected: "a decimal number"))
        }
        return number
    }

    func version() throws(PKCS11URIError) -> Version {
        let parts = value.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let major = Self.decimal(parts[0], as: UInt8.self),
            let minor = parts.count == 1 ? 0 : Self.decimal(parts[1], as: UInt8.self)
        else { throw error(.invalidValue(expected: "a version such as 2 or 2.40, each part below 256")) }
        return Version(major: major, minor: minor)
    }

    func objectClass() throws(PKCS11URIError) -> ObjectClass {
        guard let match = ObjectClass.uriNames.first(where: { Array($0.name.utf8) == value }) else {
            let names = ObjectClass.uriNames.map(\.name).joined(separator: ", ")
            throw error(.invalidValue(expected: "one of \(names)"))
        }
        return match.class
    }

    /// Parses digits only, because the standard library would also accept a sign.
    private static func decimal<Number: FixedWidthInteger>(_ text: some Collection<UInt8>, as: Number.Type) -> Number? {
        guard text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Number(String(decoding: text, as: UTF8.self))
    }
}

extension ObjectClass {
    /// The values of `type` (RFC 7512 §2.3).
    static let uriNames: [(name: String, class: ObjectClass)] = [
        ("public", .publicKey), ("private", .privateKey), ("cert", .certificate), ("secret-key", .secretKey),
        ("data", .data),
    ]
}
