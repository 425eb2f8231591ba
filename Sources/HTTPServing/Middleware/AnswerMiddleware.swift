import HTTPTypes
import Hummingbird

/// The outermost layer: assigns a request its id, turns every failure into an answer, and writes the log line.
struct AnswerMiddleware: RouterMiddleware {
    let log: RequestLog

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestID.of(request)
        var response: Response
        var failure: APIError?
        do {
            response = try await next(request, context)
        } catch {
            let error = APIError(error)
            response = Envelope.failure(error, requestID: context.requestID)
            failure = error
        }
        // An answer to HEAD has no body (RFC 9110 §9.3.2). A body would be read as the next answer.
        if request.method == .head { response = response.createHeadResponse() }
        log.record(request.method, context: context, status: response.status, failure: failure, took: .now - start)
        return response
    }
}
