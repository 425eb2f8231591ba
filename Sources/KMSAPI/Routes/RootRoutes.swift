import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of root keys and the certificates about them.
struct RootRoutes: Sendable {
    let service: KeyService

    func add(to router: some RouterMethods<APIContext>) {
        router.path("roots", [.get: list])
        router.path("roots/rotate", [.post: rotate])
        router.path("roots/{epoch}/retire", [.post: retire])
        router.path("roots/{epoch}/certificate", [.get: certificate])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let roots = try await service.roots(by: context.principal)
        return Envelope.success("root epochs", requestID: context.requestID, size: 384 * roots.count) {
            $0.fields(of: roots)
        }
    }

    @Sendable func rotate(_ request: Request, _ context: APIContext) async throws -> Response {
        let roots = try await service.rotateRoots(by: context.principal)
        return Envelope.success("roots made", requestID: context.requestID, size: 384 * roots.count) {
            $0.fields(of: roots)
        }
    }

    @Sendable func retire(_ request: Request, _ context: APIContext) async throws -> Response {
        let certificate = try await service.retireRoots(context.epoch(), by: context.principal)
        return Envelope.success("roots destroyed", requestID: context.requestID, size: certificate.roomInJSON) {
            $0.fields(of: certificate)
        }
    }

    @Sendable func certificate(_ request: Request, _ context: APIContext) async throws -> Response {
        let certificate = try await service.destructionCertificate(of: context.epoch(), by: context.principal)
        return Envelope.success(
            "certificate of destruction", requestID: context.requestID, size: certificate.roomInJSON
        ) {
            $0.fields(of: certificate)
        }
    }
}
