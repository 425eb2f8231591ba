import Crypto
import HTTPTypes
import Hummingbird
import KeyManagement

/// A request that changes something: it may carry an `Idempotency-Key`, and can then be sent again.
struct ChangeRequest {
    let options: ChangeOptions

    /// - Parameter body: as it arrived; it is part of what the request says.
    init(
        _ request: Request, _ body: ReceivedBody, note: ChangeNote? = nil, isDryRun: Bool
    ) throws(KMSError) {
        var repeatable: RepeatableRequest?
        if let key = try Self.idempotencyKey(request), !isDryRun {
            repeatable = RepeatableRequest(
                key: key, digest: Self.digest(of: request, body), answer: { ChangeAnswer($0).stored })
        }
        options = ChangeOptions(note: note, isDryRun: isDryRun, repeatable: repeatable)
    }

    private static func idempotencyKey(_ request: Request) throws(KMSError) -> IdempotencyKey? {
        let values = request.headers[values: .idempotencyKey]
        guard values.count <= 1 else { throw .invalidRequest("Idempotency-Key comes twice") }
        guard let value = values.first else { return nil }
        return try IdempotencyKey(value)
    }

    /// SHA-256 of method, path and body.
    private static func digest(of request: Request, _ body: ReceivedBody) -> [UInt8] {
        var hash = SHA256()
        for part in [request.method.rawValue, request.uri.path, request.uri.query ?? ""] {
            hash.update(data: Array(part.utf8))
            hash.update(data: [0])
        }
        if let buffer = body.buffer { hash.update(data: Array(buffer.readableBytesView)) }
        return Array(hash.finalize())
    }
}

extension HTTPField.Name {
    /// draft-ietf-httpapi-idempotency-key-header §2.1.
    static let idempotencyKey = known("Idempotency-Key")
    /// Set on an answer that was given before.
    static let idempotentReplayed = known("Idempotent-Replayed")
}
