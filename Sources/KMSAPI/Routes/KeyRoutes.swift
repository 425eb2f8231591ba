import HTTPServing
import HTTPTypes
import Hummingbird
import JSONText
import KeyManagement

/// The routes of the life cycle of keys.
struct KeyRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys", [.get: list, .post: create])
        router.path("keys/{key}", [.get: describe, .patch: update, .delete: delete])
        router.path("keys/{key}/rotate", [.post: change("key rotated", service.rotateKey)])
        router.path("keys/{key}/activate", [.post: change("key activated", service.activateKey)])
        router.path("keys/{key}/enable", [.post: change("key enabled", service.enableKey)])
        router.path("keys/{key}/disable", [.post: change("key disabled", service.disableKey)])
        router.path("keys/{key}/schedule-deletion", [.post: scheduleDeletion])
        router.path(
            "keys/{key}/cancel-deletion", [.post: change("deletion cancelled", service.cancelDeletion)])
        router.path(
            "keys/{key}/delete-material", [.post: change("material erased", service.deleteImportedMaterial)])
        router.path("keys/{key}/grants", [.get: listGrants, .post: createGrant])
        router.path("keys/{key}/grants/{grant}", [.delete: revokeGrant])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request, takes: KeyFilterQuery.names)
        let page = try await service.listKeys(
            try KeyFilterQuery.filter(query), after: query.cursor, limit: query.limit, by: context.caller)
        return Envelope.success("keys of the project", requestID: context.requestID, size: 512 * page.items.count) {
            $0.list("keys", page.items) { writer, key in writer.object { $0.fields(of: key) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let received = try await body.receive(request)
        let body = try received.require(CreateKeyBody.self)
        let change = try ChangeRequest(request, received, isDryRun: body.isDryRun)
        let outcome = try await service.createKey(body.request, options: change.options, by: context.caller)
        return ChangeAnswer.response(outcome, "key created", status: .created, requestID: context.requestID)
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let key = try await service.describeKey(context.key(), by: context.caller)
        return Envelope.success("key", requestID: context.requestID) { $0.fields(of: key) }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let received = try await body.receive(request)
        let body = try received.require(UpdateKeyBody.self)
        let change = try ChangeRequest(request, received, isDryRun: body.isDryRun)
        let outcome = try await service.updateKey(reference, body.update, options: change.options, by: context.caller)
        return ChangeAnswer.response(outcome, "key updated", requestID: context.requestID)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        try await change("key deleted", service.deleteKey)(request, context)
    }

    @Sendable func scheduleDeletion(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let received = try await body.receive(request)
        let body = try received.read(ScheduleDestructionBody.self) ?? ScheduleDestructionBody()
        let change = try ChangeRequest(request, received, note: body.note, isDryRun: body.isDryRun)
        let outcome = try await service.scheduleDeletion(
            of: reference, in: body.days, options: change.options, by: context.caller)
        return ChangeAnswer.response(outcome, "deletion scheduled", requestID: context.requestID)
    }

    @Sendable func listGrants(_ request: Request, _ context: APIContext) async throws -> Response {
        let (grants, _) = try await service.listGrants(of: context.key(), by: context.caller)
        return Envelope.success("grants of the key", requestID: context.requestID, size: 600 * grants.count) {
            $0.list("grants", grants) { writer, grant in writer.object { $0.fields(of: grant) } }
        }
    }

    @Sendable func createGrant(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(GrantBody.self, of: request)
        let (grant, _) = try await service.createGrant(body.request, on: reference, by: context.caller)
        return Envelope.success("grant made", status: .created, requestID: context.requestID, size: 1024) {
            $0.fields(of: grant)
        }
    }

    @Sendable func revokeGrant(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let id = try context.grant()
        try await service.revokeGrant(id, of: reference, by: context.caller)
        return Envelope.success("grant revoked", requestID: context.requestID) { $0.field("id", id.description) }
    }

    /// Returns the handler of a change of a key as a whole.
    private func change(
        _ message: StaticString,
        _ operation:
            @escaping @Sendable (KeyReference, ChangeOptions, Caller) async throws(KMSError) -> ChangeOutcome
    ) -> Handler {
        { request, context in
            let reference = try context.key()
            let received = try await body.receive(request)
            let body = try received.read(ChangeBody.self) ?? ChangeBody()
            let change = try ChangeRequest(request, received, note: body.note, isDryRun: body.isDryRun)
            let outcome = try await operation(reference, change.options, context.caller)
            return ChangeAnswer.response(outcome, message, requestID: context.requestID)
        }
    }
}
