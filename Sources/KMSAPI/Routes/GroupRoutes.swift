import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of groups.
struct GroupRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("groups", [.get: list, .post: create])
        router.path("groups/{group}", [.get: describe, .patch: update, .delete: delete])
        router.path("groups/{group}/members", [.get: members])
        router.path("groups/{group}/members/{subject}", [.put: addMember, .delete: removeMember])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listGroups(after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("groups", requestID: context.requestID, size: 256 * page.items.count) {
            $0.list("groups", page.items) { writer, group in writer.object { $0.fields(of: group) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(NamedBody.self, of: request)
        let group = try await service.createGroup(
            GroupID(body.name), description: body.description, by: context.principal)
        return Envelope.success("group created", status: .created, requestID: context.requestID) {
            $0.fields(of: group)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let group = try await service.group(context.group(), by: context.principal)
        return Envelope.success("group", requestID: context.requestID) { $0.fields(of: group) }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.group()
        let body = try await body.require(DescriptionBody.self, of: request)
        let group = try await service.updateGroup(id, description: body.description, by: context.principal)
        return Envelope.success("group updated", requestID: context.requestID) { $0.fields(of: group) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let group = try await service.deleteGroup(context.group(), by: context.principal)
        return Envelope.success("group deleted", requestID: context.requestID) { $0.fields(of: group) }
    }

    @Sendable func members(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listMembers(
            of: context.group(), after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("members of the group", requestID: context.requestID, size: 384 * page.items.count) {
            $0.list("members", page.items) { writer, subject in writer.object { $0.fields(of: subject) } }
            $0.next(page.next)
        }
    }

    @Sendable func addMember(_ request: Request, _ context: APIContext) async throws -> Response {
        let subject = try await service.addMember(context.subject(), to: context.group(), by: context.principal)
        return Envelope.success("member added", requestID: context.requestID) { $0.fields(of: subject) }
    }

    @Sendable func removeMember(_ request: Request, _ context: APIContext) async throws -> Response {
        let subject = try await service.removeMember(context.subject(), from: context.group(), by: context.principal)
        return Envelope.success("member removed", requestID: context.requestID) { $0.fields(of: subject) }
    }
}
