import Hummingbird
import KeyManagement

/// What keys are used for.
///
/// A plaintext lives in ``SecretBytes`` from the body's buffer to the answer's buffer. The two buffers, and what NIO and
/// the kernel have of them, are not zeroed.
struct CryptoRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/data-key", [.post: issueDataKey])
        router.path("keys/{key}/encrypt", [.post: encrypt])
        router.path("keys/{key}/decrypt", [.post: decryptUnderKey])
        router.path("decrypt", [.post: decrypt])
    }

    @Sendable func issueDataKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.read(DataKeyBody.self, of: request) ?? DataKeyBody()
        let dataKey = try await service.issueDataKey(
            under: reference, spec: body.spec, context: body.context, includesPlaintext: body.includesPlaintext,
            by: context.caller)
        return Envelope.success(
            "data key issued", requestID: context.requestID, size: Self.size(for: body.spec.byteCount)
        ) {
            $0.fields(of: dataKey.ciphertext.version)
            if let plaintext = dataKey.plaintext { $0.field("plaintext", base64: plaintext) }
            $0.fields(of: dataKey.ciphertext)
        }
    }

    @Sendable func encrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(EncryptBody.self, of: request)
        let ciphertext = try await service.encrypt(
            body.plaintext, under: reference, context: body.context, by: context.caller)
        return Envelope.success(
            "encrypted", requestID: context.requestID, size: Self.size(for: body.plaintext.count)
        ) {
            $0.fields(of: ciphertext.version)
            $0.fields(of: ciphertext)
        }
    }

    @Sendable func decryptUnderKey(_ request: Request, _ context: APIContext) async throws -> Response {
        try await decrypt(request, context, under: context.key())
    }

    @Sendable func decrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        try await decrypt(request, context, under: nil)
    }

    private func decrypt(
        _ request: Request, _ context: APIContext, under reference: KeyReference?
    ) async throws -> Response {
        let body = try await body.require(DecryptBody.self, of: request)
        let decrypted = try await service.decrypt(
            body.ciphertext, under: reference, context: body.context, by: context.caller)
        return Envelope.success(
            "decrypted", requestID: context.requestID, size: Self.size(for: decrypted.plaintext.count)
        ) {
            $0.fields(of: decrypted.version)
            $0.field("plaintext", base64: decrypted.plaintext)
        }
    }

    /// Enough room for a plaintext once and its ciphertext twice.
    private static func size(for byteCount: Int) -> Int {
        3 * Base64.length(ofEncoded: byteCount + Ciphertext.overhead) + 128
    }
}
