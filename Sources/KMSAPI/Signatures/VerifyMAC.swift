import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let verifyMAC = Endpoint(
        .post, "keys/{key}/verify-hmac", "verifyMAC", "Verifies an HMAC", guide: .verifyMAC, verb: .verifyMAC,
        body: VerifyMACBody.self,
        limit: .message, answer: Answers.verified, message: "HMAC verified", failures: FailureCode.ofVersionUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.verifyMAC(body.item, with: key, version: body.version, by: request.caller)
    }
}

/// The body of `POST keys/{key}/verify-hmac`.
struct VerifyMACBody: FieldBody {
    let item: VerifyMACItem
    let version: VersionNumber?

    static let name = "VerifyMAC"
    static let example: DocumentValue = [
        "message": "aGVsbG8=", "hmac": "zRrW8L88MoO1wTo/0vvGmz0dFv1j6H2aLUQurzLGYq8=",
    ]

    enum Field: String, DescribedFields {
        case message, hmac, version

        var shape: FieldShape {
            switch self {
            case .message: .must(.message)
            case .hmac: .must(.mac)
            case .version: .may(.version)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var message: [UInt8]?
        var code: [UInt8]?
        var version: VersionNumber?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: message = try reader.bytes(path)
            case .hmac: code = try reader.bytes(path)
            case .version: version = try reader.versionNumber(path)
            }
        }
        guard let message, let code else { throw .invalidRequest("message or hmac is missing: base64") }
        item = VerifyMACItem(message: message, code: code)
        self.version = version
    }
}
