import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of a key's versions.
struct VersionRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/versions", [.get: list])
        router.path("keys/{key}/versions/{version}", [.get: describe])
        router.path("keys/{key}/versions/{version}/usage", [.get: usage])
        router.path(
            "keys/{key}/versions/{version}/activate", [.post: change("version activated", service.activateVersion)])
        router.path(
            "keys/{key}/versions/{version}/deactivate",
            [.post: change("version deactivated", service.deactivateVersion)])
        router.path("keys/{key}/versions/{version}/schedule-destruction", [.post: scheduleDestruction])
        router.path(
            "keys/{key}/versions/{version}/cancel-destruction",
            [.post: change("destruction cancelled", service.cancelDestruction)])
        router.path(
            "keys/{key}/versions/{version}/destroy", [.post: change("version destroyed", service.destroyVersion)])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listVersions(
            of: context.key(), after: query.cursor, limit: query.limit, by: context.caller)
        return Envelope.success("versions of the key", requestID: context.requestID, size: 256 * page.items.count) {
            $0.list("versions", page.items) { writer, version in writer.object { $0.fields(of: version) } }
            $0.next(page.next)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let version = try await service.describeVersion(context.version(), of: context.key(), by: context.caller)
        return Envelope.success("version", requestID: context.requestID) { $0.fields(of: version) }
    }

    @Sendable func usage(_ request: Request, _ context: APIContext) async throws -> Response {
        let usage = try await service.versionUsage(context.version(), of: context.key(), by: context.caller)
        return Envelope.success("uses of the version", requestID: context.requestID) { $0.fields(of: usage) }
    }

    @Sendable func scheduleDestruction(_ request: Request, _ context: APIContext) async throws -> Response {
        let (reference, number) = (try context.key(), try context.version())
        let received = try await body.receive(request)
        let body = try received.read(ScheduleDestructionBody.self) ?? ScheduleDestructionBody()
        let change = try ChangeRequest(request, received, note: body.note, isDryRun: body.isDryRun)
        let outcome = try await service.scheduleDestruction(
            of: number, of: reference, in: body.days, options: change.options, by: context.caller)
        return ChangeAnswer.response(outcome, "destruction scheduled", requestID: context.requestID)
    }

    /// Returns the handler of a change of one version.
    private func change(
        _ message: StaticString,
        _ operation:
            @escaping @Sendable (VersionNumber, KeyReference, ChangeOptions, Caller) async throws(KMSError) ->
            ChangeOutcome
    ) -> Handler {
        { request, context in
            let (reference, number) = (try context.key(), try context.version())
            let received = try await body.receive(request)
            let body = try received.read(ChangeBody.self) ?? ChangeBody()
            let change = try ChangeRequest(request, received, note: body.note, isDryRun: body.isDryRun)
            let outcome = try await operation(number, reference, change.options, context.caller)
            return ChangeAnswer.response(outcome, message, requestID: context.requestID)
        }
    }
}
