import HTTPTypes
import JSONText
import KeyManagement
import SecretMemory

extension Endpoint {
    static let decryptUnderKey = Endpoint(
        .post, "keys/{key}/decrypt", "decryptUnderKey", "Decrypts a ciphertext of this key", guide: .decryptUnderKey,
        verb: .decrypt,
        body: DecryptBody.self, answer: Answers.decrypted, message: "decrypted", failures: FailureCode.ofDecryption
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        switch body.ciphertext {
        case .ours(let ciphertext):
            return try await request.service.decrypt(
                ciphertext, under: key, context: body.context, by: request.caller)
        case .bare(let ciphertext):
            return try await request.service.decrypt(ciphertext, under: key, by: request.caller)
        }
    }

    static let decrypt = Endpoint(
        .post, "decrypt", "decrypt", "Decrypts under the key that the ciphertext names", guide: .decrypt,
        verb: .decrypt,
        body: DecryptAnywhereBody.self, answer: Answers.decrypted, message: "decrypted",
        failures: FailureCode.ofDecryption
    ) { request in
        let body = try await request.body()
        return try await request.service.decrypt(body.ciphertext, context: body.context, by: request.caller)
    }
}

extension Answers {
    static let decrypted = Answer<Decrypted>(
        "Decrypted", versionFields + [.must("plaintext", .base64())],
        capacity: { capacity(forPlaintext: $0.plaintext.count) }
    ) { writer, decrypted in
        writer.fields(of: decrypted.version)
        writer.field("plaintext", base64: decrypted.plaintext)
    }
}

/// The body of `POST keys/{key}/decrypt`.
struct DecryptBody: FieldBody {
    let ciphertext: Form
    let context: EncryptionContext

    /// The forms of a ciphertext.
    enum Form {
        /// A ciphertext of the service; nil if the text is not one. The service answers that like any ciphertext that is not authentic.
        case ours(Ciphertext?)
        /// A ciphertext made with the public key of an RSA key; `padding` is given.
        case bare(BareCiphertext)
    }

    static let name = "Decrypt"
    static let example: DocumentValue = [
        "ciphertext": "kms:1:AWR8liANK0b6tCZcmFZR91gAAAABMh3STOeaHVeChwCCuT/f2pm6mUKtrmJXRCATyQEmxYkw",
        "context": ["employee": "1001"],
    ]
    static var note: String? {
        "`padding` is for a ciphertext made with the public key of an RSA key. Then `ciphertext` is its base64, and `version` may name the version."
    }

    enum Field: String, DescribedFields {
        case ciphertext, context, padding, version

        var shape: FieldShape {
            switch self {
            case .ciphertext: .must(.ciphertext)
            case .context: .may(.context)
            case .padding: .may(.one(of: AsymmetricEncryption.self))
            case .version: .may(.version)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        [
            ("dependentRequired", ["version": ["padding"]]), ("if", ["required": ["padding"]]),
            ("then", ["properties": ["context": ["maxProperties": 0], "ciphertext": Schema.base64().value]]),
        ]
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var text: String?
        var context = EncryptionContext.empty
        var padding: AsymmetricEncryption?
        var version: VersionNumber?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .ciphertext: text = try reader.text(path)
            case .context: context = try reader.context(path)
            case .padding: padding = try reader.member(path, of: AsymmetricEncryption.self)
            case .version: version = try reader.versionNumber(path)
            }
        }
        guard let text else { throw .invalidRequest("ciphertext is missing: its text form or base64") }
        self.context = context
        guard let padding else {
            guard version == nil else {
                throw .invalidRequest("version goes with padding, for a bare RSA ciphertext; others name their version")
            }
            ciphertext = .ours(Ciphertext(text: text))
            return
        }
        guard context.isEmpty else {
            throw .invalidRequest("RSA binds a ciphertext to no encryption context; leave it out")
        }
        guard let bytes = Array(text.utf8).withUnsafeBytes({ Base64.decode($0) }) else {
            throw .invalidRequest("ciphertext is not base64")
        }
        ciphertext = .bare(
            BareCiphertext(bytes: bytes.withUnsafeBytes { Array($0) }, padding: padding, version: version))
    }
}

/// The body of `POST decrypt`: that of `POST keys/{key}/decrypt`, but the ciphertext names its key.
struct DecryptAnywhereBody: EndpointBody {
    /// The ciphertext; nil if the text is not one of the service.
    let ciphertext: Ciphertext?
    let context: EncryptionContext

    static let name = "DecryptAnywhere"
    static let schema = DecryptBody.schema.with("not", ["required": ["padding"]])
    static let example = DecryptBody.example

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try DecryptBody(&reader)
        guard case .ours(let ciphertext) = body.ciphertext else {
            throw .invalidRequest("a bare RSA ciphertext names no key: decrypt it at keys/{key}/decrypt")
        }
        self.ciphertext = ciphertext
        context = body.context
    }
}
