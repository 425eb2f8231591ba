internal import KeyManagement

/// The kind of activity of a verb, as OCSF numbers it for API Activity (class 6003).
enum ActivityID: UInt64 {
    case create = 1
    case read = 2
    case update = 3
    case delete = 4
    /// None of the four: reported by the name of the verb.
    case other = 99

    /// The kind of a verb by its name; other for a name that is not a verb of this version.
    init(verb: String) {
        self =
            switch Verb(rawValue: verb)?.activity {
            case .create: .create
            case .read: .read
            case .update: .update
            case .delete: .delete
            case .other, nil: .other
            }
    }

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
