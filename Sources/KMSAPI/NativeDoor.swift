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
        DocumentRoutes().add(to: router)
        // Everything below requires a credential first, as does every path that does not exist.
        router.add(
            middleware: AuthenticationMiddleware(service: service, failures: listener.failures))
        let api = router.group("api/v1")
        let body = BodyReader(limit: configuration.maxBodyBytes)
        KeyRoutes(service: service, body: body).add(to: api)
        VersionRoutes(service: service, body: body).add(to: api)
        CryptoRoutes(service: service, body: body).add(to: api)
        SignatureRoutes(service: service, body: BodyReader(limit: 2 * configuration.maxBodyBytes)).add(to: api)
        BatchRoutes(service: service, body: BodyReader(limit: configuration.maxBatchBytes)).add(to: api)
        AliasRoutes(service: service, body: body).add(to: api)
        ImportRoutes(service: service, body: body).add(to: api)
        AccessRoutes(service: service, body: body).add(to: api)
        ProjectRoutes(service: service, body: body).add(to: api)
        SubjectRoutes(service: service, body: body).add(to: api)
        AccessKeyRoutes(service: service, body: body).add(to: api)
        GroupRoutes(service: service, body: body).add(to: api)
        AuditRoutes(service: service).add(to: api)
        RootRoutes(service: service).add(to: api)
        CustodyRoutes(service: service).add(to: api)
        ApprovalRoutes(service: service, body: body).add(to: api)
    }
}
