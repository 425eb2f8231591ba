import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let groups = EndpointGroup(
        "groups", "Groups of subjects.",
        [
            .listGroups, .createGroup, .describeGroup, .updateGroup, .deleteGroup, .listMembers, .addMember,
            .removeMember,
        ])
}

extension Endpoint {
    fileprivate static let listGroups = Endpoint(
        list: "groups", "listGroups", "Lists the groups", guide: .listGroups, verb: .readDirectory,
        answer: Answers.page("groups", of: Answers.group, capacity: 256), message: "groups"
    ) { request, query in
        try await request.service.listGroups(after: query.cursor, limit: query.limit, by: request.principal)
    }

    fileprivate static let createGroup = Endpoint(
        .post, "groups", "createGroup", "Creates a group", guide: .createGroup, verb: .changeGroup,
        body: CreateGroupBody.self,
        answer: Answers.group, status: .created, message: "group created", failures: [.nameTaken, .conflict]
    ) { request in
        let body = try await request.body()
        return try await request.service.createGroup(
            GroupID(body.groupName), description: body.description, by: request.principal)
    }

    fileprivate static let describeGroup = Endpoint(
        .get, "groups/{group}", "describeGroup", "Describes a group", guide: .describeGroup, verb: .readDirectory,
        answer: Answers.group,
        message: "group", failures: [.groupNotFound]
    ) { request in
        try await request.service.group(request.group(), by: request.principal)
    }

    fileprivate static let updateGroup = Endpoint(
        .patch, "groups/{group}", "updateGroup", "Changes the description of a group", guide: .updateGroup,
        verb: .changeGroup,
        body: DescriptionBody.self, answer: Answers.group, message: "group updated",
        failures: [.groupNotFound, .conflict, .stateForbids]
    ) { request in
        let id = try request.group()
        let body = try await request.body()
        return try await request.service.updateGroup(id, description: body.description, by: request.principal)
    }

    fileprivate static let deleteGroup = Endpoint(
        .delete, "groups/{group}", "deleteGroup", "Deletes a group", guide: .deleteGroup, verb: .changeGroup,
        answer: Answers.group,
        message: "group deleted", failures: [.groupNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.deleteGroup(request.group(), by: request.principal)
    }

    fileprivate static let listMembers = Endpoint(
        list: "groups/{group}/members", "listMembers", "Lists the members of a group", guide: .listMembers,
        verb: .readDirectory,
        answer: Answers.page("members", of: Answers.subject, capacity: 384), message: "members of the group",
        failures: [.groupNotFound]
    ) { request, query in
        try await request.service.listMembers(
            of: request.group(), after: query.cursor, limit: query.limit, by: request.principal)
    }

    fileprivate static let addMember = Endpoint(
        .put, "groups/{group}/members/{subject}", "addMember", "Adds a subject to a group", guide: .addMember,
        verb: .changeGroup,
        answer: Answers.subject, message: "member added",
        failures: [.groupNotFound, .subjectNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.addMember(request.subject(), to: request.group(), by: request.principal)
    }

    fileprivate static let removeMember = Endpoint(
        .delete, "groups/{group}/members/{subject}", "removeMember", "Removes a subject from a group",
        guide: .removeMember,
        verb: .changeGroup, answer: Answers.subject, message: "member removed",
        failures: [.groupNotFound, .subjectNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.removeMember(request.subject(), from: request.group(), by: request.principal)
    }
}

extension PathParameter {
    static let group = PathParameter("group", "The name of a group.", Schema.subjectName.example("payroll-team"))
}

extension EndpointRequest {
    /// Returns the group that the path names.
    func group() throws(KMSError) -> GroupID { try GroupID(try text(.group, "the group in the path")) }
}

extension Answers {
    fileprivate static let group = Answer<GroupRecord>(
        "Group",
        [
            .must("name", Schema.subjectName.example("payroll-team")), .must("description", .text),
            .must("roles", .roles),
        ] + times
    ) { writer, group in
        writer.field("name", group.id.text)
        writer.field("description", group.description.text)
        writer.field("roles", group.roles)
        writer.field("createdAt", group.createdAt.description)
        writer.field("changedAt", group.changedAt.description)
        writer.field("revision", group.revision)
    }
}

/// The body of `POST groups`.
struct CreateGroupBody: FieldBody {
    let groupName: String
    let description: KeyDescription

    static let name = "Group"
    static let example: DocumentValue = ["name": "payroll-team", "description": "Pays the salaries"]

    enum Field: String, DescribedFields {
        case name, description

        var shape: FieldShape {
            switch self {
            case .name: .must(.subjectName)
            case .description: .may(.description)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var name: String?
        var description = KeyDescription.none
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: name = try reader.text(path)
            case .description: description = try KeyDescription(try reader.text(path))
            }
        }
        guard let name else { throw .invalidRequest("name is missing") }
        groupName = name
        self.description = description
    }
}

/// The body of `PATCH groups/{group}`.
struct DescriptionBody: FieldBody {
    let description: KeyDescription

    static let name = "Description"
    static let example: DocumentValue = ["description": "Pays salaries and bonuses"]

    enum Field: String, DescribedFields {
        case description

        var shape: FieldShape { .must(.description) }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var description: KeyDescription?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            description = try KeyDescription(try reader.text(FieldPath(field)))
        }
        guard let description else { throw .invalidRequest("description is missing") }
        self.description = description
    }
}
