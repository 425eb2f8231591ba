/// The reason why a text is not a PKCS #11 URI, and the position. The text itself is not repeated, because it may contain a PIN.
public struct PKCS11URIError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of mistake.
    public let reason: Reason
    /// The attribute with the mistake, if its name could be read.
    public let attribute: String?
    /// The position of the mistake, in bytes of UTF-8 from the start of the text.
    public let offset: Int

    /// The kinds of mistakes.
    public enum Reason: Equatable, Sendable {
        /// The text does not begin with `pkcs11:`.
        case wrongScheme
        /// A part between separators that is not `name=value`.
        case missingEqualsSign
        /// A name that is empty or contains characters other than letters, digits, `-` and `_`.
        case invalidName
        /// A character that must be percent-encoded.
        case forbiddenCharacter
        /// A `%` that is not followed by two hex digits.
        case invalidPercentEncoding
        /// Bytes that are not UTF-8, in an attribute that is text.
        case notUTF8
        /// The attribute occurred before.
        case duplicate
        /// An attribute of the query in the path, or the reverse.
        case wrongComponent
        /// A value that the attribute cannot have.
        case invalidValue(expected: String)
    }

    public var description: String {
        let subject = attribute.map { "attribute “\($0)”: " } ?? ""
        return "not a PKCS #11 URI: \(subject)\(reason) (at byte \(offset))"
    }
}

extension PKCS11URIError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongScheme: "it does not begin with “pkcs11:”"
        case .missingEqualsSign: "“=” is missing"
        case .invalidName: "a name has letters, digits, “-” and “_” only"
        case .forbiddenCharacter: "this character must be percent-encoded"
        case .invalidPercentEncoding: "“%” must be followed by two hex digits"
        case .notUTF8: "the value is not UTF-8"
        case .duplicate: "it is given twice"
        case .wrongComponent: "it belongs on the other side of “?”"
        case .invalidValue(let expected): "the value must be \(expected)"
        }
    }
}
