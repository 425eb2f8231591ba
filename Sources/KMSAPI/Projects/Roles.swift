import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let listRoles = Endpoint(
        .get, "projects/{project}/roles", "listRoles", "Lists the roles in a project", guide: .listRoles,
        verb: .listRoles,
        answer: Answers.list("roles", of: Answers.roleAssignment, capacity: 64), message: "roles in the project",
        failures: [.projectNotFound]
    ) { request in
        try await request.service.listRoles(in: request.project(), by: request.principal)
    }

    static let grantRoleToSubject = grantRole(to: "subject", "grantRoleToSubject", guide: .grantRoleToSubject) {
        .subject(try $0.subject())
    }
    static let grantRoleToGroup = grantRole(to: "group", "grantRoleToGroup", guide: .grantRoleToGroup) {
        .group(try $0.group())
    }
    static let revokeRoleFromSubject = revokeRole(
        from: "subject", "revokeRoleFromSubject", guide: .revokeRoleFromSubject
    ) {
        .subject(try $0.subject())
    }
    static let revokeRoleFromGroup = revokeRole(from: "group", "revokeRoleFromGroup", guide: .revokeRoleFromGroup) {
        .group(try $0.group())
    }

    /// Returns the endpoint that grants a role to a kind of holder.
    ///
    /// - Parameter holder: returns the holder that the path names.
    private static func grantRole(
        to kind: String, _ id: String, guide: Guide,
        holder: @escaping @Sendable (EndpointRequest<RoleBody>) throws -> RoleHolder
    ) -> Endpoint {
        Endpoint(
            .put, "projects/{project}/roles/\(kind)s/{\(kind)}", id, "Grants a \(kind) a role in a project",
            guide: guide,
            verb: .changeRole, body: RoleBody.self, answer: Answers.grantedRole, message: "role granted",
            failures: ofRoles
        ) { request in
            let holder = try holder(request)
            let project = try request.project()
            let body = try await request.body()
            try await request.service.grantRole(body.role, in: project, to: holder, by: request.principal)
            return GrantedRole(project: project, assignment: RoleAssignment(holder: holder, role: body.role))
        }
    }

    /// Returns the endpoint that revokes the role of a kind of holder.
    private static func revokeRole(
        from kind: String, _ id: String, guide: Guide,
        holder: @escaping @Sendable (EndpointRequest<NoBody>) throws -> RoleHolder
    ) -> Endpoint {
        Endpoint(
            .delete, "projects/{project}/roles/\(kind)s/{\(kind)}", id, "Revokes the role of a \(kind) in a project",
            guide: guide,
            verb: .changeRole, answer: Answers.revokedRole, message: "role revoked", failures: ofRoles
        ) { request in
            let holder = try holder(request)
            let project = try request.project()
            try await request.service.revokeRole(in: project, from: holder, by: request.principal)
            return project
        }
    }

    private static let ofRoles: Set<FailureCode> = [
        .projectNotFound, .subjectNotFound, .groupNotFound, .conflict, .stateForbids,
    ]
}

/// A role in a project that was granted.
struct GrantedRole {
    let project: ProjectID
    let assignment: RoleAssignment
}

extension Answers {
    /// The role of a subject or of a group; exactly one of the two is present.
    private static let assignmentFields: [Property] = [
        .may("subject", .subjectName, isInExample: true), .may("group", .subjectName), .must("role", .role),
    ]

    fileprivate static let roleAssignment = Answer<RoleAssignment>("RoleAssignment", assignmentFields) {
        writer, assignment in
        switch assignment.holder {
        case .subject(let id): writer.field("subject", id.text)
        case .group(let id): writer.field("group", id.text)
        }
        writer.field("role", assignment.role.rawValue)
    }

    fileprivate static let grantedRole = Answer<GrantedRole>(
        "GrantedRole", [.must("project", .projectName)] + assignmentFields
    ) { writer, granted in
        writer.field("project", granted.project.text)
        roleAssignment.write(&writer, granted.assignment)
    }

    fileprivate static let revokedRole = Answer<ProjectID>("RevokedRole", [.must("project", .projectName)]) {
        $0.field("project", $1.text)
    }
}

extension JSONWriter {
    /// Writes the role in each project.
    mutating func field(_ name: StaticString, _ roles: RoleGrants) {
        field(name, roles.sorted.map { (name: $0.project.text, value: $0.role.rawValue) })
    }
}

/// The body of `PUT projects/{project}/roles/…`.
struct RoleBody: FieldBody {
    let role: Role

    static let name = "Role"
    static let example: DocumentValue = ["role": "user"]

    enum Field: String, DescribedFields {
        case role

        var shape: FieldShape { .must(.role) }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var role: Role?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            role = try reader.member(FieldPath(field), of: Role.self)
        }
        guard let role else { throw .invalidRequest("role is missing: viewer, user or manager") }
        self.role = role
    }
}
