import HTTPServing
import HTTPTypes
import Hummingbird
import NIOCore

/// The route of the API's document. It needs no credential, because the document reveals nothing that the source does not.
struct DocumentRoutes: Sendable {
    static let path = "openapi.json"

    /// The document, made at the first request, because not every process needs it.
    private static let json = ByteBuffer(string: APIDocument.json)

    func add(to router: some RouterMethods<APIContext>) {
        router.path(RouterPath(Self.path), [.get: document])
    }

    @Sendable func document(_ request: Request, _ context: APIContext) -> Response {
        Response(
            status: .ok, headers: Envelope.headers(requestID: context.requestID),
            body: ResponseBody(byteBuffer: Self.json))
    }
}
