internal import Crypto
public import KeyManagement

/// Signature Version 4 in the `Authorization` header, as clients of AWS KMS sign: what was signed, and by whom. Whether the signature is
/// right, ``KeyManagement/KeyService`` decides, for it has the secrets.
public enum SignatureV4 {
    static let algorithm = "AWS4-HMAC-SHA256"
    static let terminator = "aws4_request"
    static let service = "kms"

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - path: as it was received, percent-encoded, without the query.
    ///   - query: as it was received, without the question mark; empty where there is none.
    ///   - headers: in the order in which they were received, `host` among them.
    ///   - body: whose hash is what was signed; nothing is believed of it.
    ///   - now: against which the time of the signature is held; five minutes more or less are allowed.
    /// - Throws: what AWS would answer; always HTTP 400.
    public static func read(
        method: String, path: String, query: String, headers: [(name: String, value: String)], body: [UInt8],
        now: Timestamp
    ) throws(AWSFailure) -> SignedRequest {
        let headers = ReceivedHeaders(headers)
        guard !CanonicalQuery.isPresigned(query) else { throw .presigned }
        let authorization = try AuthorizationHeader(headers)
        // Sessions are not known here, so neither are their tokens.
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

    /// The hash of the body as it was received. What the client says of it has to be the same: it is no way to sign no body.
    private static func payload(_ body: [UInt8], _ headers: ReceivedHeaders) throws(AWSFailure) -> String {
        let hash = Hexadecimal.text(Array(SHA256.hash(data: body)))
        guard headers.values("x-amz-content-sha256").allSatisfy({ $0 == hash }) else { throw .signatureMismatch }
        return hash
    }
}
