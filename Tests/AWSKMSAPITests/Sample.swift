import KeyManagement

@testable import AWSKMSAPI

/// A request that is valid as far as can be determined without the secret.
struct Sample: CustomStringConvertible {
    static let credential = "AKIAABCDEFGHIJKLMNOP/20150830/us-east-1/kms/aws4_request"
    static let signedHeaders = "host;x-amz-date;x-amz-target"
    static let signature = String(repeating: "0a", count: 32)

    var method = "POST"
    var path = "/"
    var query = ""
    var authorization =
        "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(signedHeaders), Signature=\(signature)"
    var headers: [(name: String, value: String)] = [
        ("Host", "kms.us-east-1.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z"),
        ("X-Amz-Target", "TrentService.Encrypt"), ("Content-Type", "application/x-amz-json-1.1"),
    ]
    var body = Array("{}".utf8)
    var now = "20150830T123600Z"

    mutating func set(_ name: String, _ value: String) {
        headers = headers.map { $0.name == name ? (name, value) : $0 }
    }

    func read() throws(AWSFailure) -> SignedRequest {
        let all = headers + (authorization.isEmpty ? [] : [("Authorization", authorization)])
        return try SignatureV4.read(
            method: method, path: path, query: query, headers: all, body: body,
            now: Timestamp(basic: now.utf8) ?? Timestamp(milliseconds: 0))
    }

    var description: String { "\(method) \(path)?\(query) \(headers) \(authorization)" }
}
