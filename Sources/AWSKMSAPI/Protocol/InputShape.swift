import JSONText

/// The allowed members of a request, from the public model of AWS KMS.
///
/// A member that no shape names is refused. Later models add members that restrict what a request grants (`SourceArn` of a grant's
/// constraints). Ignoring one would grant more than the caller meant.
struct InputShape: Sendable {
    let members: [MemberShape]
    /// True for operations that are refused whatever the request contains.
    let takesAnything: Bool

    init(_ members: [MemberShape]) {
        self.members = members
        takesAnything = false
    }

    init(_ members: MemberShape...) {
        self.init(members)
    }

    private init(takesAnything: Bool) {
        members = []
        self.takesAnything = takesAnything
    }

    static let anything = InputShape(takesAnything: true)

    /// Returns true if the shape names the member. Names are compared as bytes.
    func names(_ member: JSONNode.Member) -> Bool {
        members.contains { $0.name.utf8.elementsEqual(member.name.utf8) }
    }
}

struct MemberShape: Sendable {
    enum Kind: Sendable {
        /// A text; lengths are in characters.
        case text(ClosedRange<Int>, TextPattern?)
        case one([String])
        /// Base64; lengths are in bytes.
        case blob(ClosedRange<Int>)
        case integer(ClosedRange<Int>)
        case flag
        case time
        /// An object of texts.
        case pairs
        case texts(atMost: Int, [String]?)
        case objects(InputShape)
        case structure(InputShape)
        /// A member of the model that must be an object, which this service does not support.
        case unsupportedObject
        /// A member of the model, of any type, that this service does not support.
        case unsupported

        var isUnsupported: Bool { if case .unsupported = self { true } else { false } }
    }

    let name: String
    let kind: Kind
    let isRequired: Bool
    /// The member's place in the request, as AWS writes it.
    var path: String

    /// True if AWS KMS omits the word `null` when it reports the member as missing.
    var isSensitive: Bool { name == "Plaintext" || name == "Message" }

    private init(_ name: String, _ kind: Kind, isRequired: Bool) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        path = name.prefix(1).lowercased() + name.dropFirst()
    }

    static func must(_ name: String, _ kind: Kind) -> MemberShape { MemberShape(name, kind, isRequired: true) }

    static func may(_ name: String, _ kind: Kind) -> MemberShape { MemberShape(name, kind, isRequired: false) }

    static func unsupported(_ name: String) -> MemberShape { MemberShape(name, .unsupported, isRequired: false) }

    func inside(_ parent: String) -> MemberShape {
        var shape = self
        shape.path = "\(parent).\(path)"
        return shape
    }
}

/// The patterns of the model.
enum TextPattern: Sendable {
    case names
    case principals
    case words
    case hexadecimal

    var text: String {
        switch self {
        case .names: "^[a-zA-Z0-9:/_-]+$"
        case .principals: "^[\\w+=,.@:/-]+$"
        case .words: "[\\w]+"
        case .hexadecimal: "^[a-f0-9]+$"
        }
    }

    func matches(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            let isLetterOrDigit =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: false
                }
            switch self {
            case .names: return isLetterOrDigit || ":/_-".utf8.contains(byte)
            case .principals: return isLetterOrDigit || "_+=,.@:/-".utf8.contains(byte)
            case .words: return isLetterOrDigit || byte == UInt8(ascii: "_")
            case .hexadecimal:
                return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
        }
    }
}
