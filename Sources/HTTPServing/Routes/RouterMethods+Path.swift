package import HTTPTypes
package import Hummingbird

package typealias Handler = @Sendable (Request, APIContext) async throws -> Response

extension RouterMethods where Context == APIContext {
    /// Registers the handlers of a path by method. HEAD follows GET. Every other method is refused with 405 and the list of allowed
    /// methods.
    package func path(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        var handlers = handlers
        handlers[.head] = handlers[.get]
        let allow = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        let refuse: Handler = { _, _ in throw APIError.methodNotAllowed(allow: allow) }
        for method in Self.methods {
            on(path, method: method, use: handlers[method] ?? refuse)
        }
    }

    private static var query: HTTPRequest.Method? { HTTPRequest.Method("QUERY") }

    /// The methods of RFC 9110 and RFC 5789, and QUERY of draft-ietf-httpbis-safe-method-w-body. For any other method, the path does not
    /// exist.
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] + [query].compactMap(\.self)
    }
}
