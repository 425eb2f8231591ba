import Hummingbird
import JSONText
import KeyManagement

/// What is proved of keys and of the store.
struct CustodyRoutes: Sendable {
    let service: KeyService

    func add(to router: some RouterMethods<APIContext>) {
        router.path("custody/report", [.post: report])
        router.path("store/verification", [.get: verify])
    }

    @Sendable func report(_ request: Request, _ context: APIContext) async throws -> Response {
        let report = try await service.custodyReport(by: context.principal)
        return Envelope.success("custody report", requestID: context.requestID, size: report.roomInJSON) {
            $0.fields(of: report)
        }
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        var start = StoreCursor.start
        if let text = query.cursor {
            guard let cursor = StoreCursor(text) else { throw Cursor.unknown }
            start = cursor
        }
        let report = try await service.verifyStore(from: start, limit: query.limit, by: context.principal)
        return Envelope.success("part of the store verified", requestID: context.requestID) {
            $0.field("checked", report.checked)
            $0.field("total", report.total)
            $0.list("findings", report.findings) { writer, finding in writer.item(finding) }
            $0.next(report.next)
        }
    }
}
