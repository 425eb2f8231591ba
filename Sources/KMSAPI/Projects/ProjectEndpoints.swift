import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let projects = EndpointGroup(
        "projects", "Projects and roles.",
        [
            .listProjects, .createProject, .describeProject, .updateProject, .deleteProject, .listRoles,
            .grantRoleToSubject, .revokeRoleFromSubject, .grantRoleToGroup, .revokeRoleFromGroup,
        ])
}

extension Endpoint {
    fileprivate static let listProjects = Endpoint(
        list: "projects", "listProjects", "Lists the projects", guide: .listProjects, verb: .readDirectory,
        answer: Answers.page("projects", of: Answers.project, capacity: 192), message: "projects"
    ) { request, query in
        try await request.service.listProjects(after: query.cursor, limit: query.limit, by: request.principal)
    }

    fileprivate static let createProject = Endpoint(
        .post, "projects", "createProject", "Creates a project", guide: .createProject, verb: .changeProject,
        body: CreateProjectBody.self,
        answer: Answers.project, status: .created, message: "project created", failures: [.nameTaken, .conflict]
    ) { request in
        let body = try await request.body()
        return try await request.service.createProject(
            body.id, description: body.description, location: body.location, by: request.principal)
    }

    fileprivate static let describeProject = Endpoint(
        .get, "projects/{project}", "describeProject", "Describes a project", guide: .describeProject,
        verb: .readDirectory,
        answer: Answers.project, message: "project", failures: [.projectNotFound]
    ) { request in
        try await request.service.project(request.project(), by: request.principal)
    }

    fileprivate static let updateProject = Endpoint(
        .patch, "projects/{project}", "updateProject",
        "Changes the description of a project, or sets its AWS account and region", guide: .updateProject,
        verb: .changeProject, body: UpdateProjectBody.self, answer: Answers.project, message: "project updated",
        failures: [.projectNotFound, .nameTaken, .conflict, .stateForbids]
    ) { request in
        let id = try request.project()
        let body = try await request.body()
        return try await request.service.updateProject(
            id, description: body.description, location: body.location, by: request.principal)
    }

    fileprivate static let deleteProject = Endpoint(
        .delete, "projects/{project}", "deleteProject", "Deletes a project that has no keys", guide: .deleteProject,
        verb: .changeProject,
        answer: Answers.project, message: "project deleted", failures: [.projectNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.deleteProject(request.project(), by: request.principal)
    }
}

extension PathParameter {
    static let project = PathParameter("project", "The name of a project.", .projectName)
}

extension EndpointRequest {
    /// Returns the project that the path names.
    func project() throws(KMSError) -> ProjectID { try ProjectID(try text(.project, "the project in the path")) }
}

extension Answers {
    fileprivate static let project = Answer<ProjectRecord>(
        "Project",
        [
            .must("name", .projectName), .must("description", .text), .must("account", Schema.account.orNull),
            .must("region", Schema.region.orNull),
        ] + times
    ) { writer, project in
        writer.field("name", project.id.text)
        writer.field("description", project.description.text)
        writer.field("account", optional: project.location?.account.text)
        writer.field("region", optional: project.location?.region.text)
        writer.field("createdAt", project.createdAt.description)
        writer.field("changedAt", project.changedAt.description)
        writer.field("revision", project.revision)
    }

    /// The times and the revision of a record of the directory.
    static let times: [Property] = [
        .must("createdAt", .time), .must("changedAt", .time), .must("revision", .revision),
    ]
}
