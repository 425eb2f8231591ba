/// The two halves of a PKCS #11 URI, and what each may hold (RFC 7512 §2.3).
enum URIComponent {
    /// Before the question mark: `;` between attributes.
    case path
    /// Behind it: `&` between attributes.
    case query

    var separator: UInt8 {
        switch self {
        case .path: UInt8(ascii: ";")
        case .query: UInt8(ascii: "&")
        }
    }

    /// Whether an attribute of this name belongs here, and once: by the RFC, or because it is understood here.
    func owns(_ name: String) -> Bool {
        switch self {
        case .path: Self.pathNames.contains(name)
        case .query: Self.queryNames.contains(name)
        }
    }

    /// Whether a value here may hold the character as it is. All others are percent-encoded.
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
