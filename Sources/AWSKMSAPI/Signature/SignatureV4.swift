internal import Crypto
import Encodings
package import KeyManagement

/// Signature Version 4 in the `Authorization` header, as clients of AWS KMS sign. It extracts the signed content and the signer.
/// ``/KeyManagement/KeyService``, which has the secrets, verifies the signature.
package enum SignatureV4 {
    static let algorithm = "AWS4-HMAC-SHA256"
    static let terminator = "aws4_request"
    static let service = "kms"

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: as received, percent-encoded, without the query.
    ///   - query: as received, without the question mark; empty if there is none.
    ///   - headers: in the order received, `host` among them.
    ///   - body: the body whose hash was signed; none of its content is trusted.
    ///   - now: the time that the signature's time is compared with; five minutes more or less are allowed.
    /// - Throws: the failure that AWS would answer with; always HTTP 400.
    package static func read(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        now: Timestamp
    ) throws(AWSFailure) -> SignedRequest {
        let headers = ReceivedHeaders(headers)
        guard !CanonicalQuery.isPresigned(query) else { throw .presigned }
        let authorization = try AuthorizationHeader(headers)
        // Sessions are not supported, so neither are their tokens.
        guard !headers.has("x-amz-security-token") else { throw .unrecognizedClient }
        let time = try RequestTime(headers, authorization)
        let scope = try CredentialScope(authorization.credential)
        try scope.check(against: time)
        try time.check(at: now)
        let signedHeaders = try SignedHeaders(authorization.signedHeaders, of: headers)
        let canonical = CanonicalRequest(
            method: method, path: path, query: query, headers: signedHeaders, payload: try payload(body, headers))
        guard let signature = Hexadecimal.bytes(authorization.signature), signature.count == SHA256.byteCount else {
            throw .signatureMismatch
        }
        guard let accessKey = AccessKeyID(scope.accessKey.utf8) else { throw .unrecognizedClient }
        return SignedRequest(
            accessKey: accessKey, date: String(scope.date), region: scope.region, service: service,
            stringToSign: canonical.stringToSign(time, scope), signature: signature)
    }

    /// Returns the hash of the body as received. A hash that the client sends must be the same; it cannot exempt the body from the
    /// signature.
    private static func payload(_ body: [UInt8], _ headers: ReceivedHeaders) throws(AWSFailure) -> String {
        let hash = Hexadecimal.text(Array(SHA256.hash(data: body)))
        guard headers.values("x-amz-content-sha256").allSatisfy({ $0 == hash }) else { throw .signatureMismatch }
        return hash
    }
}
