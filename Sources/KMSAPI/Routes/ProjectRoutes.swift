import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of projects and the roles in them.
struct ProjectRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("projects", [.get: list, .post: create])
        router.path("projects/{project}", [.get: describe, .patch: update, .delete: delete])
        router.path("projects/{project}/roles", [.get: roles])
        router.path("projects/{project}/roles/subjects/{subject}", [.put: grantToSubject, .delete: revokeFromSubject])
        router.path("projects/{project}/roles/groups/{group}", [.put: grantToGroup, .delete: revokeFromGroup])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listProjects(after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("projects", requestID: context.requestID, size: 192 * page.items.count) {
            $0.list("projects", page.items) { writer, project in writer.object { $0.fields(of: project) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(CreateProjectBody.self, of: request)
        let project = try await service.createProject(
            body.id, description: body.description, location: body.location, by: context.principal)
        return Envelope.success("project created", status: .created, requestID: context.requestID) {
            $0.fields(of: project)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let project = try await service.project(context.project(), by: context.principal)
        return Envelope.success("project", requestID: context.requestID) { $0.fields(of: project) }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.project()
        let body = try await body.require(UpdateProjectBody.self, of: request)
        let project = try await service.updateProject(
            id, description: body.description, location: body.location, by: context.principal)
        return Envelope.success("project updated", requestID: context.requestID) { $0.fields(of: project) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let project = try await service.deleteProject(context.project(), by: context.principal)
        return Envelope.success("project deleted", requestID: context.requestID) { $0.fields(of: project) }
    }

    @Sendable func roles(_ request: Request, _ context: APIContext) async throws -> Response {
        let assignments = try await service.listRoles(in: context.project(), by: context.principal)
        return Envelope.success("roles in the project", requestID: context.requestID, size: 64 * assignments.count) {
            $0.list("roles", assignments) { writer, assignment in writer.object { $0.fields(of: assignment) } }
        }
    }

    @Sendable func grantToSubject(_ request: Request, _ context: APIContext) async throws -> Response {
        try await grant(request, context, to: .subject(context.subject()))
    }

    @Sendable func grantToGroup(_ request: Request, _ context: APIContext) async throws -> Response {
        try await grant(request, context, to: .group(context.group()))
    }

    @Sendable func revokeFromSubject(_ request: Request, _ context: APIContext) async throws -> Response {
        try await revoke(context, from: .subject(context.subject()))
    }

    @Sendable func revokeFromGroup(_ request: Request, _ context: APIContext) async throws -> Response {
        try await revoke(context, from: .group(context.group()))
    }

    private func grant(_ request: Request, _ context: APIContext, to holder: RoleHolder) async throws -> Response {
        let project = try context.project()
        let body = try await body.require(RoleBody.self, of: request)
        try await service.grantRole(body.role, in: project, to: holder, by: context.principal)
        return Envelope.success("role granted", requestID: context.requestID) {
            $0.field("project", project.text)
            $0.fields(of: RoleAssignment(holder: holder, role: body.role))
        }
    }

    private func revoke(_ context: APIContext, from holder: RoleHolder) async throws -> Response {
        let project = try context.project()
        try await service.revokeRole(in: project, from: holder, by: context.principal)
        return Envelope.success("role revoked", requestID: context.requestID) { $0.field("project", project.text) }
    }
}
