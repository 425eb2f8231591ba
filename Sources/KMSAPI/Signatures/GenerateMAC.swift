import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let generateMAC = Endpoint(
        .post, "keys/{key}/hmac", "generateMAC", "Computes an HMAC", guide: .generateMAC, verb: .generateMAC,
        body: GenerateMACBody.self,
        limit: .message, answer: Answers.mac, message: "HMAC made", failures: FailureCode.ofUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.generateMAC(of: body.message, with: key, by: request.caller)
    }
}

extension Answers {
    static let mac = Answer<MAC>(
        "MAC", versionFields + [.must("hmac", .base64())], capacity: { _ in 256 }
    ) { writer, mac in
        writer.fields(of: mac.version)
        writer.field("hmac", base64: mac.code)
    }
}

/// The body of `POST keys/{key}/hmac`.
struct GenerateMACBody: FieldBody {
    let message: [UInt8]

    static let name = "GenerateMAC"
    static let example: DocumentValue = ["message": "aGVsbG8="]

    enum Field: String, DescribedFields {
        case message

        var shape: FieldShape { .must(.message) }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var message: [UInt8]?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            message = try reader.bytes(FieldPath(field))
        }
        guard let message else { throw .invalidRequest("message is missing: base64") }
        self.message = message
    }
}
