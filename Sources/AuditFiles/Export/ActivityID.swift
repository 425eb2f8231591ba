/// The kind of activity of a verb, as OCSF numbers it for API Activity (class 6003).
enum ActivityID: UInt64 {
    case create = 1
    case read = 2
    case update = 3
    case delete = 4
    case other = 99

    init(verb: String) {
        self = Self.prefixes.first { verb.hasPrefix($0.prefix) }?.id ?? .other
    }

    /// The prefixes of verbs and their kinds. Cryptographic operations are none of the four, and are reported by name.
    private static let prefixes: [(prefix: String, id: ActivityID)] = [
        ("create", .create), ("import", .create), ("issue", .create), ("add", .create), ("list", .read),
        ("describe", .read), ("read", .read), ("update", .update), ("change", .update), ("rotate", .update),
        ("set", .update), ("enable", .update), ("disable", .update), ("destroy", .delete), ("delete", .delete),
        ("remove", .delete), ("revoke", .delete),
    ]

    func name(of verb: String) -> String {
        switch self {
        case .create: "Create"
        case .read: "Read"
        case .update: "Update"
        case .delete: "Delete"
        case .other: verb
        }
    }
}
