import HTTPTypes
import Hummingbird
import KeyManagement

/// The life of keys.
struct KeyRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys", [.get: list, .post: create])
        router.path("keys/{key}", [.get: describe, .patch: update])
        router.path("keys/{key}/rotate", [.post: rotate])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listKeys(after: query.keyCursor(), limit: query.limit, by: context.caller)
        return Envelope.success("keys of the project", requestID: context.requestID, size: 512 * page.items.count) {
            $0.list("keys", page.items) { writer, key in writer.object { $0.fields(of: key) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(CreateKeyBody.self, of: request)
        let key = try await service.createKey(body.request, by: context.caller)
        return Envelope.success(
            "key created", status: .created, headers: [.location: "/api/v1/keys/\(key.id)"],
            requestID: context.requestID
        ) { $0.fields(of: key) }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.describeKey(context.key(), by: context.caller)
        return Envelope.success("key", requestID: context.requestID) { $0.fields(of: key) }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(UpdateKeyBody.self, of: request)
        let key = try await service.updateKey(
            reference, name: body.name, description: body.description, by: context.caller)
        return Envelope.success("key updated", requestID: context.requestID) { $0.fields(of: key) }
    }

    @Sendable func rotate(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        _ = try await body.read(EmptyBody.self, of: request)
        let key = try await service.rotateKey(reference, by: context.caller)
        return Envelope.success("key rotated", requestID: context.requestID) { $0.fields(of: key) }
    }
}
