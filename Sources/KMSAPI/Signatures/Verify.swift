import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let verify = Endpoint(
        .post, "keys/{key}/verify", "verify", "Verifies a signature", guide: .verify, verb: .verify,
        body: VerifyBody.self,
        limit: .message, answer: Answers.verified, message: "verified", failures: FailureCode.ofVersionUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.verify(
            body.item, with: key, version: body.options.version, algorithm: body.options.algorithm,
            form: body.options.form, by: request.caller)
    }
}

/// The body of `POST keys/{key}/verify`.
struct VerifyBody: FieldBody {
    let item: VerifyItem
    let options: SignatureOptions

    static let name = "Verify"
    static let example: DocumentValue = [
        "message": "aGVsbG8=",
        "signature": "MEUCIQDKG7YLfu7Qomu1EK2VV9yB01+DGaLksXxvce5JvRB2+gIgUjltXxIgSXCUlcJhazFHTbZ6OsIblSxR7AggI82aW/I=",
    ]
    static var conditions: [(name: String, value: DocumentValue)] { SigningFields.conditions }

    enum Field: String, DescribedFields {
        case message, digest, signature, algorithm, form, version

        var shape: FieldShape {
            switch self {
            case .message: SigningFields.Field.message.shape
            case .digest: SigningFields.Field.digest.shape
            case .signature: .must(.signature)
            case .algorithm: .may(.one(of: SignatureAlgorithm.self))
            case .form: .may(.one(of: SignatureForm.self))
            case .version: .may(.version)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var signature: [UInt8]?
        var options = SignatureOptions()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: try fields.read(.message, &reader)
            case .digest: try fields.read(.digest, &reader)
            case .signature: signature = try reader.bytes(path)
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            case .version: options.version = try reader.versionNumber(path)
            }
        }
        guard let signature else { throw .invalidRequest("signature is missing: base64") }
        item = VerifyItem(input: try fields.input(), signature: signature)
        self.options = options
    }
}
