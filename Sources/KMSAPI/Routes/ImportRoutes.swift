import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of key import (BYOK).
struct ImportRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("import-jobs", [.post: create])
        router.path("import-jobs/{job}", [.get: describe, .delete: delete])
        router.path("keys/{key}/import", [.post: importMaterial])
    }

    @Sendable func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.read(ImportJobBody.self, of: request) ?? ImportJobBody()
        let job = try await service.createImportJob(body.algorithm, method: body.method, by: context.caller)
        return Envelope.success(
            "import job created", status: .created, headers: [.location: "/api/v1/import-jobs/\(job.id)"],
            requestID: context.requestID, size: 1024
        ) { $0.fields(of: job) }
    }

    @Sendable func describe(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await service.importJob(context.importJob(), by: context.caller)
        return Envelope.success("import job", requestID: context.requestID, size: 1024) { $0.fields(of: job) }
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.importJob()
        try await service.deleteImportJob(id, by: context.caller)
        return Envelope.success("import job deleted", requestID: context.requestID) {
            $0.field("id", id.description)
        }
    }

    @Sendable func importMaterial(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let received = try await body.receive(request)
        let body = try received.require(ImportBody.self)
        let change = try ChangeRequest(request, received, note: body.note, isDryRun: body.isDryRun)
        let outcome = try await service.importMaterial(
            body.material, under: body.job, into: reference, version: body.version, publicKey: body.publicKey,
            expiresAt: body.expiresAt, activating: body.isActivating, options: change.options, by: context.caller)
        return ChangeAnswer.response(outcome, "material imported", requestID: context.requestID)
    }
}
