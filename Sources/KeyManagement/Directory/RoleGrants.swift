/// The roles of a subject or group, by project. At most 1,000 projects.
package struct RoleGrants: Hashable, Sendable {
    package private(set) var byProject: [ProjectID: Role]

    package static let none = RoleGrants([:])
    package static let maxCount = 1000

    package init(_ byProject: [ProjectID: Role]) {
        self.byProject = byProject
    }

    package subscript(project: ProjectID) -> Role? { byProject[project] }

    /// The roles, sorted by project.
    package var sorted: [(project: ProjectID, role: Role)] {
        byProject.map { (project: $0.key, role: $0.value) }.sorted { $0.project < $1.project }
    }

    /// Grants a role in a project.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if there would be too many projects.
    mutating func grant(_ role: Role, in project: ProjectID) throws(KMSError) {
        guard byProject[project] != nil || byProject.count < Self.maxCount else {
            throw .invalidRequest("a subject can have roles in at most \(Self.maxCount) projects")
        }
        byProject[project] = role
    }

    /// Revokes the role in a project. Returns false if there was none.
    mutating func revoke(in project: ProjectID) -> Bool {
        byProject.removeValue(forKey: project) != nil
    }

    /// Returns the union: the higher role of both, project by project.
    func united(with other: RoleGrants) -> RoleGrants {
        RoleGrants(byProject.merging(other.byProject) { max($0, $1) })
    }

    /// The roles as texts `project=role`, sorted.
    var texts: [String] { sorted.map { "\($0.project)=\($0.role.rawValue)" } }

    init?(texts: [String]) {
        var grants: [ProjectID: Role] = [:]
        for text in texts {
            let parts = text.split(separator: "=")
            guard parts.count == 2, let project = try? ProjectID(String(parts[0])),
                let role = Role(rawValue: String(parts[1])), grants.updateValue(role, forKey: project) == nil
            else { return nil }
        }
        byProject = grants
    }
}
