import HTTPServing
import Hummingbird
import JSONText
import KeyManagement
import SecretMemory

/// The routes of batches: many items of one kind in one request, each with a result of its own. One item's failure does not affect the
/// others.
struct BatchRoutes: Sendable {
    let service: KeyService
    let body: BodyReader

    func add(to router: some RouterMethods<APIContext>) {
        router.path("keys/{key}/batch/data-key", [.post: issueDataKeys])
        router.path("keys/{key}/batch/encrypt", [.post: encrypt])
        router.path("keys/{key}/batch/decrypt", [.post: decryptUnderKey])
        router.path("keys/{key}/batch/re-encrypt", [.post: reEncrypt])
        router.path("keys/{key}/batch/sign", [.post: sign])
        router.path("keys/{key}/batch/verify", [.post: verify])
        router.path("keys/{key}/batch/hmac", [.post: generateMACs])
        router.path("keys/{key}/batch/verify-hmac", [.post: verifyMACs])
        router.path("batch/decrypt", [.post: decrypt])
    }

    @Sendable func issueDataKeys(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<DataKeyBody>.self, of: request)
        let items = body.items.map {
            DataKeyItem(spec: $0.spec, context: $0.context, includesPlaintext: $0.includesPlaintext)
        }
        let results = try await service.issueDataKeys(batch: items, under: reference, by: context.caller)
        let size = items.reduce(0) { $0 + CryptoRoutes.size(for: $1.spec.byteCount) }
        return answer(results, context, size: size) { $0.fields(of: $1) }
    }

    @Sendable func encrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<EncryptBatchItem>.self, of: request)
        let results = try await service.encrypt(batch: body.items.map(\.item), under: reference, by: context.caller)
        let size = body.items.reduce(0) { $0 + CryptoRoutes.size(for: $1.item.plaintext.count) }
        return answer(results, context, size: size) {
            $0.fields(of: $1.version)
            $0.fields(of: $1)
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
        let body = try await body.require(BatchBody<DecryptBatchItem>.self, of: request)
        let results = try await service.decrypt(batch: body.items.map(\.item), under: reference, by: context.caller)
        let size = results.reduce(0) { sum, result in
            guard case .success(let decrypted) = result else { return sum + 256 }
            return sum + CryptoRoutes.size(for: decrypted.plaintext.count)
        }
        return answer(results, context, size: size) { $0.fields(of: $1) }
    }

    @Sendable func reEncrypt(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<ReEncryptBody>.self, of: request)
        let results = try await service.reEncrypt(batch: body.items.map(\.item), under: reference, by: context.caller)
        return answer(results, context, size: 512 * results.count) { $0.fields(of: $1) }
    }

    @Sendable func sign(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<SignBatchItem>.self, of: request)
        let results = try await service.sign(
            batch: body.items.map(\.input), with: reference, algorithm: body.options.algorithm, form: body.options.form,
            by: context.caller)
        return answer(results, context, size: 512 * results.count) { $0.fields(of: $1) }
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<VerifyBatchItem>.self, of: request)
        let results = try await service.verify(
            batch: body.items.map(\.item), with: reference, version: body.options.version,
            algorithm: body.options.algorithm, form: body.options.form, by: context.caller)
        return answer(results, context, size: 128 * results.count) { $0.fields(of: $1) }
    }

    @Sendable func generateMACs(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<GenerateMACBody>.self, of: request)
        let results = try await service.generateMAC(
            ofBatch: body.items.map(\.message), with: reference, by: context.caller)
        return answer(results, context, size: 256 * results.count) { $0.fields(of: $1) }
    }

    @Sendable func verifyMACs(_ request: Request, _ context: APIContext) async throws -> Response {
        let reference = try context.key()
        let body = try await body.require(BatchBody<VerifyMACBatchItem>.self, of: request)
        let results = try await service.verifyMAC(
            batch: body.items.map(\.item), with: reference, version: body.options.version, by: context.caller)
        return answer(results, context, size: 128 * results.count) { $0.fields(of: $1) }
    }

    /// Returns the results in the order of the items: the verb's fields, or the code and message of the failure.
    private func answer<Value>(
        _ results: [ItemResult<Value>], _ context: APIContext, size: Int,
        _ write: (inout JSONWriter, Value) -> Void
    ) -> Response {
        let failures = results.count { if case .failure = $0 { true } else { false } }
        return Envelope.success("batch done", requestID: context.requestID, size: size + 64 * results.count) {
            $0.field("failures", failures)
            $0.list("results", results) { writer, result in
                writer.object { writer in
                    switch result {
                    case .success(let value): write(&writer, value)
                    case .failure(let error):
                        writer.field("code", error.code.rawValue)
                        writer.field("message", error.message)
                    }
                }
            }
        }
    }
}
