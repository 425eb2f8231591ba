import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of subjects and their credentials.
struct SubjectRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("whoami", [.get: whoAmI])
        router.path("subjects", [.get: list, .post: create])
        router.path("subjects/{subject}", [.get: describe, .patch: update, .delete: delete])
        router.path("subjects/{subject}/credentials", [.get: listCredentials, .post: issueCredential])
        router.path("credentials/{credential}", [.delete: revokeCredential])
    }

    @Sendable func whoAmI(_ request: Request, _ context: APIContext) async throws -> Response {
        let authenticated = try await service.whoAmI(context.whoAsks)
        return Envelope.success("who asks", requestID: context.requestID) { $0.fields(of: authenticated) }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listSubjects(after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("subjects", requestID: context.requestID, size: 384 * page.items.count) {
            $0.list("subjects", page.items) { writer, subject in writer.object { $0.fields(of: subject) } }
            $0.next(page.next)
        }
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(CreateSubjectBody.self, of: request)
        let subject = try await service.createSubject(
            body.id, body.kind, description: body.description, isAdministrator: body.isAdministrator,
            by: context.principal)
        return Envelope.success("subject created", status: .created, requestID: context.requestID) {
            $0.fields(of: subject)
        }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let subject = try await service.subject(context.subject(), by: context.principal)
        return Envelope.success("subject", requestID: context.requestID) { $0.fields(of: subject) }
    }

    @Sendable func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.subject()
        let body = try await body.require(UpdateSubjectBody.self, of: request)
        let subject = try await service.updateSubject(id, body.update, by: context.principal)
        return Envelope.success("subject updated", requestID: context.requestID) { $0.fields(of: subject) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let subject = try await service.deleteSubject(context.subject(), by: context.principal)
        return Envelope.success("subject deleted", requestID: context.requestID) { $0.fields(of: subject) }
    }

    @Sendable func listCredentials(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let page = try await service.listCredentials(
            of: context.subject(), after: query.cursor, limit: query.limit, by: context.principal)
        return Envelope.success("credentials of the subject", requestID: context.requestID) {
            $0.list("credentials", page.items) { writer, listed in
                writer.object {
                    $0.fields(of: listed.record)
                    $0.field("lastUsedAt", optional: listed.lastUsedAt?.description)
                }
            }
            $0.next(page.next)
        }
    }

    @Sendable func issueCredential(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.subject()
        let body = try await body.read(CredentialBody.self, of: request) ?? CredentialBody()
        let issued = try await service.issueCredential(for: id, body.request, by: context.principal)
        return Envelope.success("credential issued", status: .created, requestID: context.requestID) { writer in
            writer.fields(of: issued.record)
            // The only place where the token is shown.
            issued.token.withText { writer.field("token", String(decoding: $0, as: UTF8.self)) }
        }
    }

    @Sendable func revokeCredential(_ request: Request, _ context: APIContext) async throws -> Response {
        let credential = try await service.revokeCredential(context.credential(), by: context.principal)
        return Envelope.success("credential revoked", requestID: context.requestID) { $0.fields(of: credential) }
    }
}
