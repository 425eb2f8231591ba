import HTTPTypes
import Hummingbird
import NIOCore

/// The document of the API, for programs that read it; without a credential: it says nothing that the source does not.
struct DocumentRoutes: Sendable {
    static let path = "openapi.json"

    /// Made when somebody asks for the first time: not every start needs it.
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
