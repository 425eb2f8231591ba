import HTTPServing
import Hummingbird
import JSONText
import KeyManagement

/// The routes of signatures, MACs, shared secrets and public keys.
struct SignatureRoutes: Sendable {
    let service: KeyService
    /// The reader with a larger limit, because a message of 64 KiB in base64 is longer than other bodies may be.
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/sign", [.post: sign])
        router.path("keys/{key}/verify", [.post: verify])
        router.path("keys/{key}/hmac", [.post: generateMAC])
        router.path("keys/{key}/verify-hmac", [.post: verifyMAC])
        router.path("keys/{key}/derive-shared-secret", [.post: deriveSharedSecret])
        router.path("keys/{key}/public-key", [.get: publicKey])
        router.path("keys/{key}/versions/{version}/public-key", [.get: publicKeyOfVersion])
    }

    @Sendable func sign(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(SignBody.self, of: request)
        let signed = try await service.sign(
            body.input, with: reference, algorithm: body.options.algorithm, form: body.options.form, by: context.caller)
        return Envelope.success("signed", requestID: context.requestID, size: 1024) { $0.fields(of: signed) }
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(VerifyBody.self, of: request)
        let verified = try await service.verify(
            body.item, with: reference, version: body.options.version, algorithm: body.options.algorithm,
            form: body.options.form, by: context.caller)
        return Envelope.success("verified", requestID: context.requestID) { $0.fields(of: verified) }
    }

    @Sendable func generateMAC(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(GenerateMACBody.self, of: request)
        let mac = try await service.generateMAC(of: body.message, with: reference, by: context.caller)
        return Envelope.success("HMAC made", requestID: context.requestID) { $0.fields(of: mac) }
    }

    @Sendable func verifyMAC(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(VerifyMACBody.self, of: request)
        let verified = try await service.verifyMAC(
            body.item, with: reference, version: body.version, by: context.caller)
        return Envelope.success("HMAC verified", requestID: context.requestID) { $0.fields(of: verified) }
    }

    @Sendable func deriveSharedSecret(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(DeriveSharedSecretBody.self, of: request)
        let shared = try await service.deriveSharedSecret(
            with: body.publicKey, of: reference, version: body.version, by: context.caller)
        return Envelope.success("shared secret derived", requestID: context.requestID) {
            $0.fields(of: shared.version)
            $0.field("secret", base64: shared.secret)
        }
    }

    @Sendable func publicKey(_ request: Request, _ context: APIContext) async throws -> Response {
        try await answer(service.publicKey(of: context.key(), by: context.caller), context)
    }

    @Sendable func publicKeyOfVersion(_ request: Request, _ context: APIContext) async throws -> Response {
        try await answer(
            service.publicKey(of: context.key(), version: context.version(), by: context.caller), context)
    }

    private func answer(_ key: ReadablePublicKey, _ context: APIContext) -> Response {
        Envelope.success("public key", requestID: context.requestID, size: 2048) {
            $0.fields(of: key.version)
            $0.field("algorithm", key.algorithm.rawValue)
            $0.field("usage", key.usage.rawValue)
            $0.field("der", base64: key.der)
            $0.field("pem", key.pem)
            $0.field("jwk", key.jwk)
        }
    }
}
