import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let sign = Endpoint(
        .post, "keys/{key}/sign", "sign", "Signs a message or its digest", guide: .sign, verb: .sign,
        body: SignBody.self,
        limit: .message, answer: Answers.signed, message: "signed", failures: FailureCode.ofUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.sign(
            body.input, with: key, algorithm: body.options.algorithm, form: body.options.form, by: request.caller)
    }
}

extension Answers {
    static let signed = Answer<Signed>(
        "Signed",
        versionFields + [.must("algorithm", .one(of: SignatureAlgorithm.self)), .must("signature", .base64())],
        capacity: { 384 + $0.signature.count * 4 / 3 }
    ) { writer, signed in
        writer.fields(of: signed.version)
        writer.field("algorithm", signed.algorithm.rawValue)
        writer.field("signature", base64: signed.signature)
    }
}

/// The body of `POST keys/{key}/sign`.
struct SignBody: FieldBody {
    let input: SigningInput
    let options: SignatureOptions

    static let name = "Sign"
    static let example: DocumentValue = ["message": "aGVsbG8="]
    static var conditions: [(name: String, value: DocumentValue)] { SigningFields.conditions }

    enum Field: String, DescribedFields {
        case message, digest, algorithm, form

        var shape: FieldShape {
            switch self {
            case .message: SigningFields.Field.message.shape
            case .digest: SigningFields.Field.digest.shape
            case .algorithm: .may(.one(of: SignatureAlgorithm.self))
            case .form: .may(.one(of: SignatureForm.self))
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var options = SignatureOptions()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: try fields.read(.message, &reader)
            case .digest: try fields.read(.digest, &reader)
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            }
        }
        input = try fields.input()
        self.options = options
    }
}
