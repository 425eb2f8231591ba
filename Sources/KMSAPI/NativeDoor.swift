package import HTTPServing
package import Hummingbird
package import KeyManagement

/// The native API, below `/api/v1`, with its OpenAPI document.
///
/// It is the last door of a server: a path that does not exist requires a credential, too.
package struct NativeDoor: Door {
    private let service: KeyService

    package init(service: KeyService) {
        self.service = service
    }

    package func add(to router: Router<APIContext>, on listener: Listener) {
        let configuration = listener.configuration
        router.add(Endpoint.all.filter(\.isOpen), service: service, configuration: configuration)
        // Everything below requires a credential first, as does every path that does not exist.
        router.add(
            middleware: AuthenticationMiddleware(service: service, failures: listener.failures))
        router.group("api/v1").add(
            Endpoint.all.filter { !$0.isOpen }, service: service, configuration: configuration)
    }
}
