/// Who, of those whose role is enough, may use a key.
public enum KeyAccess: Hashable, Sendable {
    /// The role is enough: access control is off.
    case byRole
    /// Also its owner or somebody listed: access control is on.
    case restricted(AccessList)
    /// What its statements say.
    case policy(KeyPolicy)

    public var policy: KeyPolicy? {
        if case .policy(let policy) = self { policy } else { nil }
    }

    public var list: AccessList? {
        if case .restricted(let list) = self { list } else { nil }
    }
}

/// The subjects and groups that may use a key, at most 256 of each.
public struct AccessList: Hashable, Sendable {
    public let subjects: Set<SubjectID>
    public let groups: Set<GroupID>

    public static let empty = AccessList(known: [], [])
    public static let most = 256

    /// - Throws: ``KMSError/invalidRequest(_:)`` when there are too many.
    public init(subjects: Set<SubjectID>, groups: Set<GroupID>) throws(KMSError) {
        guard subjects.count <= Self.most, groups.count <= Self.most else {
            throw .invalidRequest("at most \(Self.most) subjects and \(Self.most) groups are listed for a key")
        }
        self.init(known: subjects, groups)
    }

    private init(known subjects: Set<SubjectID>, _ groups: Set<GroupID>) {
        self.subjects = subjects
        self.groups = groups
    }

    func contains(_ principal: Principal) -> Bool {
        subjects.contains(principal.subject) || !groups.isDisjoint(with: principal.groups)
    }
}

/// Whose key it is: its users', or a service's.
public enum KeyKind: Hashable, Sendable {
    case user
    /// Made by the agent of a service, and rotated by the system.
    case service(ServiceName)

    public var service: ServiceName? {
        if case .service(let name) = self { name } else { nil }
    }
}

extension KeyName {
    /// Names of service keys begin so; no user gives such a name.
    static let servicePrefix = "service."

    static func ofServiceKey(_ service: ServiceName) throws(KMSError) -> KeyName {
        try KeyName(servicePrefix + service.text)
    }

    /// - Throws: ``KMSError/invalidRequest(_:)`` for a name that only services' keys have.
    func requireUsers() throws(KMSError) {
        guard !text.hasPrefix(Self.servicePrefix) else {
            throw .invalidRequest(
                "names that begin with '\(Self.servicePrefix)' are those of service keys; choose another")
        }
    }
}
