import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of access to keys, of its explanation, and of service keys.
struct AccessRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/access", [.get: show, .put: change])
        router.path("keys/{key}/owner", [.put: changeOwner])
        router.path("access/explain", [.post: explain])
        router.path("service-key", [.put: obtainServiceKey])
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.describeKey(context.key(), by: context.caller)
        return Envelope.success("access to the key", requestID: context.requestID) { $0.access(of: key) }
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(KeyAccessBody.self, of: request)
        let caller = try context.caller
        let outcome = try await service.changeAccess(
            to: reference, body.change, options: ChangeOptions(isDryRun: body.isDryRun), by: caller)
        return try Self.response(to: outcome, "access changed", caller, context)
    }

    @Sendable func changeOwner(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(KeyOwnerBody.self, of: request)
        let caller = try context.caller
        let outcome = try await service.changeOwner(
            of: reference, to: body.owner, options: ChangeOptions(isDryRun: body.isDryRun), by: caller)
        return try Self.response(to: outcome, "owner changed", caller, context)
    }

    @Sendable func explain(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(ExplainBody.self, of: request)
        let caller = try context.caller
        let explanation = try await service.explainAccess(
            of: body.subject, to: body.key, body.verb, in: caller.project, by: caller.principal)
        return Envelope.success("access explained", requestID: context.requestID) { $0.fields(of: explanation) }
    }

    @Sendable func obtainServiceKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let (key, isNew) = try await service.obtainServiceKey(by: context.caller)
        return Envelope.success("service key", status: isNew ? .created : .ok, requestID: context.requestID) {
            $0.fields(of: key)
        }
    }

    private static func response(
        to outcome: ChangeOutcome, _ message: StaticString, _ caller: Caller, _ context: APIContext
    ) throws(KMSError) -> Response {
        let key: KeyRecord
        switch outcome {
        case .changed(let changed): key = changed.key
        case .planned(let impact): key = impact.key
        case .repeated: throw .internalFailure("a change of access was repeated, which nobody asked for")
        }
        let isPlanned = if case .planned = outcome { true } else { false }
        return Envelope.success(message, requestID: context.requestID) {
            if isPlanned { $0.field("dryRun", true) }
            $0.access(of: key)
            if KeyService.isLockedOut(of: key, caller) {
                $0.field("warning", "\(caller.subject) is not in the list, and cannot use or change this key any more")
            }
        }
    }
}
