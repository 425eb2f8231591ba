import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let reEncrypt = Endpoint(
        .post, "keys/{key}/re-encrypt", "reEncrypt",
        "Decrypts a ciphertext and encrypts it under this key, without returning the plaintext", guide: .reEncrypt,
        verb: .reEncrypt,
        body: ReEncryptBody.self, answer: Answers.reEncrypted, message: "re-encrypted",
        failures: FailureCode.ofDecryption
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.reEncrypt(body.item, under: key, by: request.caller)
    }
}

extension Answers {
    static let reEncrypted = Answer<ReEncrypted>(
        "ReEncrypted",
        [.must("sourceKeyId", .uuid), .must("sourceVersion", .version)] + versionFields + ciphertextFields
    ) { writer, result in
        writer.field("sourceKeyId", result.source.key.description)
        writer.field("sourceVersion", result.source.number.value)
        writer.fields(of: result.ciphertext.version)
        writer.fields(of: result.ciphertext)
    }
}

/// The body of `POST keys/{key}/re-encrypt`.
struct ReEncryptBody: FieldBody {
    let item: ReEncryptItem

    static let name = "ReEncrypt"
    static let example: DocumentValue = [
        "ciphertext": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABMh3STOeaHVeChwCCuT/f2pm6mUKtrmJXRCATyQEmxYkw",
        "sourceContext": ["employee": "1001"], "context": ["employee": "1001", "year": "2026"],
    ]

    enum Field: String, DescribedFields {
        case ciphertext, sourceContext, context

        var shape: FieldShape {
            switch self {
            case .ciphertext: .must(.ciphertext)
            case .sourceContext, .context: .may(.context)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var text: String?
        var sourceContext = EncryptionContext.empty
        var context = EncryptionContext.empty
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .ciphertext: text = try reader.text(path)
            case .sourceContext: sourceContext = try reader.context(path)
            case .context: context = try reader.context(path)
            }
        }
        guard let text else { throw .invalidRequest("ciphertext is missing: its text form or base64") }
        item = ReEncryptItem(ciphertext: Ciphertext(text: text), sourceContext: sourceContext, context: context)
    }
}
