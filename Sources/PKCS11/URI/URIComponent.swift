/// The two halves of a PKCS #11 URI, and the attributes of each (RFC 7512 §2.3).
enum URIComponent {
    /// The half before the question mark, with `;` between attributes.
    case path
    /// The half after it, with `&` between attributes.
    case query

    var separator: UInt8 {
        switch self {
        case .path: UInt8(ascii: ";")
        case .query: UInt8(ascii: "&")
        }
    }

    /// Returns true if an attribute of this name belongs to this half, at most once, by the RFC or because it has a meaning here.
    func owns(_ name: String) -> Bool {
        switch self {
        case .path: Self.pathNames.contains(name)
        case .query: Self.queryNames.contains(name)
        }
    }

    /// Returns true if a value may contain the character unencoded. All others are percent-encoded.
    func allows(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            switch self {
            case .path: Self.pathCharacters.contains(character)
            case .query: Self.queryCharacters.contains(character)
            }
        }
    }

    /// `unreserved` of RFC 3986 and `pk11-res-avail`.
    private static let characters = "-._~:[]@!$'()*+,="
    private static let pathCharacters = Set((characters + "&").utf8)
    private static let queryCharacters = Set((characters + "/?|").utf8)

    private static let pathNames: Set = [
        "token", "manufacturer", "model", "serial", "slot-id", "slot-description", "slot-manufacturer",
        "library-manufacturer", "library-description", "library-version", "object", "type", "id",
    ]
    private static let queryNames: Set = ["module-path", "module-name", "x-init-reserved", "pin-source", "pin-value"]
}
