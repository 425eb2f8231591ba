import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of access keys, with which AWS clients sign.
struct AccessKeyRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("subjects/{subject}/access-keys", [.get: list, .post: create])
        router.path("access-keys/{accessKey}", [.delete: delete])
        router.path("access-keys/{accessKey}/disable", [.post: disable])
        router.path("access-keys/{accessKey}/enable", [.post: enable])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listAccessKeys(
            of: context.subject(), after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("access keys of the subject", requestID: context.requestID) {
            $0.list("accessKeys", page.items) { writer, key in writer.object { $0.fields(of: key) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.subject()
        let body = try await body.read(AccessKeyBody.self, of: request) ?? AccessKeyBody()
        let issued = try await service.createAccessKey(for: id, body.request, by: context.principal)
        return Envelope.success("access key created", status: .created, requestID: context.requestID) { writer in
            writer.fields(of: issued.record)
            // The only place where the secret is shown.
            issued.secret.withText { writer.field("secret", String(decoding: $0, as: UTF8.self)) }
            writer.field("region", optional: issued.region?.text)
        }
    }

    @Sendable func disable(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.setAccessKeyStatus(context.accessKey(), enabled: false, by: context.principal)
        return Envelope.success("access key disabled", requestID: context.requestID) { $0.fields(of: key) }
    }

    @Sendable func enable(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.setAccessKeyStatus(context.accessKey(), enabled: true, by: context.principal)
        return Envelope.success("access key enabled", requestID: context.requestID) { $0.fields(of: key) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.deleteAccessKey(context.accessKey(), by: context.principal)
        return Envelope.success("access key deleted", requestID: context.requestID) { $0.fields(of: key) }
    }
}
