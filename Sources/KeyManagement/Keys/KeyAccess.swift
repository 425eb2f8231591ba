/// The access control of a key: which subjects with a sufficient role may use it.
package enum KeyAccess: Hashable, Sendable {
    /// The role is enough: access control is off.
    case byRole
    /// The role, and being the owner or listed: access control is on.
    case restricted(AccessList)
    /// The role, and the statements of a policy.
    case policy(KeyPolicy)

    package var policy: KeyPolicy? {
        if case .policy(let policy) = self { policy } else { nil }
    }

    package var list: AccessList? {
        if case .restricted(let list) = self { list } else { nil }
    }
}

/// The subjects and groups that may use a key, at most 256 of each.
package struct AccessList: Hashable, Sendable {
    package let subjects: Set<SubjectID>
    package let groups: Set<GroupID>

    package static let empty = AccessList(known: [], [])
    package static let maxCount = 256

    /// Creates a list.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if there are too many subjects or groups.
    package init(subjects: Set<SubjectID>, groups: Set<GroupID>) throws(KMSError) {
        guard subjects.count <= Self.maxCount, groups.count <= Self.maxCount else {
            throw .invalidRequest("at most \(Self.maxCount) subjects and \(Self.maxCount) groups are listed for a key")
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

/// The kind of a key: of users, or of a service.
package enum KeyKind: Hashable, Sendable {
    case user
    /// Created by the agent of a service, and rotated by the system.
    case service(ServiceName)

    package var service: ServiceName? {
        if case .service(let name) = self { name } else { nil }
    }
}

extension KeyName {
    /// The prefix of the names of service keys. Users cannot choose such a name.
    static let servicePrefix = "service."

    static func ofServiceKey(_ service: ServiceName) throws(KMSError) -> KeyName {
        try KeyName(servicePrefix + service.text)
    }

    /// Requires a name that users may choose.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a name that is reserved for service keys.
    func requireUsers() throws(KMSError) {
        guard !text.hasPrefix(Self.servicePrefix) else {
            throw .invalidRequest(
                "names that begin with '\(Self.servicePrefix)' are reserved for service keys; choose another")
        }
    }
}
