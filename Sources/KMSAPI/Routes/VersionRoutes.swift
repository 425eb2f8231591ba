import Hummingbird
import KeyManagement

/// The versions of a key.
struct VersionRoutes: Sendable {
    let service: KeyService

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/versions", [.get: list])
        router.path("keys/{key}/versions/{version}", [.get: describe])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listVersions(
            of: context.key(), before: query.versionCursor(), limit: query.limit, by: context.caller)
        return Envelope.success("versions of the key", requestID: context.requestID, size: 256 * page.items.count) {
            $0.list("versions", page.items) { writer, version in writer.object { $0.fields(of: version) } }
            $0.next(page.next)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let version = try await service.describeVersion(context.version(), of: context.key(), by: context.caller)
        return Envelope.success("version", requestID: context.requestID) { $0.fields(of: version) }
    }
}
