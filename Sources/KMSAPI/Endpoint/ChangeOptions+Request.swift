import Crypto
import HTTPServing
import HTTPTypes
import Hummingbird
import KeyManagement

extension ChangeOptions {
    /// Reads the options of a change. With an `Idempotency-Key`, the request can be sent again safely.
    ///
    /// - Parameter body: the body as it arrived, which is part of the request's digest.
    init(
        _ request: Request, _ body: ReceivedBody, note: ChangeNote?, isDryRun: Bool
    ) throws(KMSError) {
        var idempotency: IdempotentRequest?
        if let key = try Self.idempotencyKey(request), !isDryRun {
            idempotency = IdempotentRequest(
                key: key, digest: Self.digest(of: request, body), answer: { ChangeAnswer($0).stored })
        }
        self.init(note: note, isDryRun: isDryRun, idempotency: idempotency)
    }

    private static func idempotencyKey(_ request: Request) throws(KMSError) -> IdempotencyKey? {
        let values = request.headers[values: .idempotencyKey]
        guard values.count <= 1 else { throw .invalidRequest("Idempotency-Key comes twice") }
        guard let value = values.first else { return nil }
        return try IdempotencyKey(value)
    }

    /// Returns the SHA-256 of method, path, query and body.
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
    /// The header of draft-ietf-httpapi-idempotency-key-header §2.1.
    static let idempotencyKey = known("Idempotency-Key")
    /// The header of an answer that was given before.
    static let idempotentReplayed = known("Idempotent-Replayed")
}
