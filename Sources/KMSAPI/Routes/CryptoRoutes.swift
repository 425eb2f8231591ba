import HTTPServing
import Hummingbird
import JSONText
import KeyManagement
import SecretMemory

/// The routes of encryption and decryption.
///
/// A plaintext is held in ``SecretBytes`` from the body's buffer to the answer's buffer. The two buffers, and their copies in NIO and the
/// kernel, are not zeroed.
struct CryptoRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/data-key", [.post: issueDataKey])
        router.path("keys/{key}/data-key-pair", [.post: issueDataKeyPair])
        router.path("keys/{key}/encrypt", [.post: encrypt])
        router.path("keys/{key}/decrypt", [.post: decryptUnderKey])
        router.path("keys/{key}/re-encrypt", [.post: reEncrypt])
        router.path("decrypt", [.post: decrypt])
        router.path("random", [.post: random])
    }

    @Sendable func issueDataKey(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.read(DataKeyBody.self, of: request) ?? DataKeyBody()
        let dataKey = try await service.issueDataKey(
            under: reference, spec: body.spec, context: body.context, includesPlaintext: body.includesPlaintext,
            by: context.caller)
        return Envelope.success(
            "data key issued", requestID: context.requestID, size: Self.size(for: body.spec.byteCount)
        ) { $0.fields(of: dataKey) }
    }

    @Sendable func issueDataKeyPair(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(DataKeyPairBody.self, of: request)
        let pair = try await service.issueDataKeyPair(
            body.algorithm, under: reference, context: body.context, includesPlaintext: body.includesPlaintext,
            by: context.caller)
        return Envelope.success("data-key pair issued", requestID: context.requestID, size: Self.size(for: 2560)) {
            $0.fields(of: pair.ciphertext.version)
            $0.field("publicKey", base64: pair.publicKey.der)
            if let privateKey = pair.privateKey { $0.field("privateKey", base64: privateKey) }
            $0.fields(of: pair.ciphertext)
        }
    }

    @Sendable func encrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(EncryptBody.self, of: request)
        let ciphertext = try await service.encrypt(
            body.plaintext, under: reference, context: body.context, padding: body.padding, by: context.caller)
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
        let decrypted: Decrypted
        switch (body.ciphertext, reference) {
        case (.ours(let ciphertext), _):
            decrypted = try await service.decrypt(
                ciphertext, under: reference, context: body.context, by: context.caller)
        case (.bare(let ciphertext), let reference?):
            decrypted = try await service.decrypt(ciphertext, under: reference, by: context.caller)
        case (.bare, nil):
            throw KMSError.invalidRequest("a bare RSA ciphertext names no key: decrypt it at keys/{key}/decrypt")
        }
        return Envelope.success(
            "decrypted", requestID: context.requestID, size: Self.size(for: decrypted.plaintext.count)
        ) { $0.fields(of: decrypted) }
    }

    @Sendable func reEncrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(ReEncryptBody.self, of: request)
        let result = try await service.reEncrypt(body.item, under: reference, by: context.caller)
        return Envelope.success("re-encrypted", requestID: context.requestID) { $0.fields(of: result) }
    }

    @Sendable func random(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await body.require(RandomBody.self, of: request)
        let bytes = try await service.generateRandom(byteCount: body.byteCount, by: context.caller)
        return Envelope.success(
            "random bytes", requestID: context.requestID, size: Self.size(for: bytes.count)
        ) { $0.field("plaintext", base64: bytes) }
    }

    /// Returns the room for a plaintext once and its ciphertext twice.
    static func size(for byteCount: Int) -> Int {
        3 * Base64.length(ofEncoded: byteCount + Ciphertext.overhead) + 128
    }
}
