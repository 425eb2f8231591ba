import HTTPTypes
import Hummingbird

typealias Handler = @Sendable (Request, APIContext) async throws -> Response

extension RouterMethods where Context == APIContext {
    /// Says what a path answers, method by method. HEAD goes along with GET; every other method is refused with 405 and
    /// the list of those that are not.
    func path(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        var handlers = handlers
        handlers[.head] = handlers[.get]
        let allow = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        let refuse: Handler = { _, _ in throw APIError.methodNotAllowed(allow: allow) }
        for method in Self.methods {
            on(path, method: method, use: handlers[method] ?? refuse)
        }
    }

    private static var query: HTTPRequest.Method? { HTTPRequest.Method("QUERY") }

    /// The methods of RFC 9110 and RFC 5789, and QUERY of draft-ietf-httpbis-safe-method-w-body. A path does not exist for
    /// others.
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] + [query].compactMap(\.self)
    }
}
