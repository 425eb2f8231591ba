import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of reports that prove the custody of keys and the state of the store.
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

    private static let list = ["store"]

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try ListQuery(request)
        let principal = try context.principal
        var start = StoreCursor.start
        if let text = try await service.place(of: query.cursor, of: Self.list, by: principal) {
            guard let cursor = StoreCursor(text) else { throw KMSError.invalidCursor }
            start = cursor
        }
        let report = try await service.verifyStore(from: start, limit: query.limit, by: principal)
        let next = try await service.cursor(at: report.next?.description, of: Self.list, by: principal)
        return Envelope.success("part of the store verified", requestID: context.requestID) {
            $0.field("checked", report.checked)
            $0.field("total", report.total)
            $0.list("findings", report.findings) { writer, finding in writer.item(finding) }
            $0.next(next)
        }
    }
}
