import HTTPTypes
import JSONText
import KeyManagement
import SecretMemory

extension Endpoint {
    static let encrypt = Endpoint(
        .post, "keys/{key}/encrypt", "encrypt", "Encrypts up to 4 KiB", guide: .encrypt, verb: .encrypt,
        body: EncryptBody.self,
        answer: Answers.encrypted, message: "encrypted", failures: FailureCode.ofUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.encrypt(
            body.plaintext, under: key, context: body.context, padding: body.padding, by: request.caller)
    }
}

extension Answers {
    static let encrypted = Answer<Ciphertext>(
        "Encrypted", versionFields + ciphertextFields, capacity: { capacity(forPlaintext: $0.contentByteCount) }
    ) { writer, ciphertext in
        writer.fields(of: ciphertext.version)
        writer.fields(of: ciphertext)
    }
}

/// The body of `POST keys/{key}/encrypt`.
struct EncryptBody: FieldBody {
    let plaintext: SecretBytes
    let context: EncryptionContext
    /// The padding, for RSA keys.
    let padding: AsymmetricEncryption?

    static let name = "Encrypt"
    static let example: DocumentValue = ["plaintext": "aGVsbG8=", "context": ["employee": "1001"]]

    enum Field: String, DescribedFields {
        case plaintext, context, padding

        var shape: FieldShape {
            switch self {
            case .plaintext: .must(.base64(atMost: KeyService.maxPlaintextLength).with("minLength", 4))
            case .context: .may(.context)
            case .padding: .may(.one(of: AsymmetricEncryption.self))
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var plaintext: SecretBytes?
        var context = EncryptionContext.empty
        var padding: AsymmetricEncryption?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .plaintext: plaintext = try reader.secret(path)
            case .context: context = try reader.context(path)
            case .padding: padding = try reader.member(path, of: AsymmetricEncryption.self)
            }
        }
        guard let plaintext else { throw .invalidRequest("plaintext is missing: base64 of what to encrypt") }
        self.plaintext = plaintext
        self.context = context
        self.padding = padding
    }
}
