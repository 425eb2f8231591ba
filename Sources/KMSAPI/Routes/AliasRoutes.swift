import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of aliases.
struct AliasRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("aliases", [.get: list])
        router.path("aliases/{alias}", [.get: describe, .put: set, .delete: delete])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request, takes: ["key"])
        var key: KeyReference?
        if let text = query.values["key"] { key = try KeyReference(text) }
        let page = try await service.listAliases(
            of: key, after: query.cursor, limit: query.limit, by: context.caller)
        return Envelope.success("aliases of the project", requestID: context.requestID, size: 192 * page.items.count) {
            $0.list("aliases", page.items) { writer, alias in writer.object { $0.fields(of: alias) } }
            $0.next(page.next)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let alias = try await service.alias(context.alias(), by: context.caller)
        return Envelope.success("alias", requestID: context.requestID) { $0.fields(of: alias) }
    }

    @Sendable func set(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.alias()
        let body = try await body.require(AliasBody.self, of: request)
        let alias = try await service.setAlias(name, to: body.key, by: context.caller)
        return Envelope.success("alias set", requestID: context.requestID) { $0.fields(of: alias) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.alias()
        try await service.deleteAlias(name, by: context.caller)
        return Envelope.success("alias deleted", requestID: context.requestID) { $0.field("alias", name.text) }
    }
}
