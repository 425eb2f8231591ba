import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let issueDataKeyPair = Endpoint(
        .post, "keys/{key}/data-key-pair", "issueDataKeyPair", "Issues a key pair with an encrypted private key",
        guide: .issueDataKeyPair,
        verb: .issueDataKey, body: DataKeyPairBody.self, answer: Answers.dataKeyPair, message: "data-key pair issued",
        failures: FailureCode.ofUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.issueDataKeyPair(
            body.algorithm, under: key, context: body.context, includesPlaintext: body.includesPlaintext,
            by: request.caller)
    }
}

extension Answers {
    fileprivate static let dataKeyPair = Answer<DataKeyPair>(
        "IssuedDataKeyPair",
        versionFields
            + [.must("publicKey", .base64()), .may("privateKey", .base64(), isInExample: true)]
            + ciphertextFields,
        capacity: { _ in capacity(forPlaintext: 2560) }
    ) { writer, pair in
        writer.fields(of: pair.ciphertext.version)
        writer.field("publicKey", base64: pair.publicKey.der)
        if let privateKey = pair.privateKey { writer.field("privateKey", base64: privateKey) }
        writer.fields(of: pair.ciphertext)
    }
}

/// The body of `POST keys/{key}/data-key-pair`.
struct DataKeyPairBody: FieldBody {
    let algorithm: KeyAlgorithm
    let context: EncryptionContext
    let includesPlaintext: Bool

    static let name = "DataKeyPair"
    static let example: DocumentValue = ["algorithm": "EC-P256"]

    enum Field: String, DescribedFields {
        case algorithm, context, plaintext

        var shape: FieldShape {
            switch self {
            case .algorithm: .must(.one(of: KeyAlgorithm.allCases.filter(\.isAsymmetric).map(\.rawValue)))
            case .context: .may(.context)
            case .plaintext: .may(.flag.described("True to return the private key in plaintext; the default."))
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var algorithm: KeyAlgorithm?
        var context = EncryptionContext.empty
        var includesPlaintext = true
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .algorithm: algorithm = try reader.member(path, of: KeyAlgorithm.self)
            case .context: context = try reader.context(path)
            case .plaintext: includesPlaintext = try reader.flag(path)
            }
        }
        guard let algorithm else { throw .invalidRequest("algorithm is missing: that of the pair, such as EC-P256") }
        self.algorithm = algorithm
        self.context = context
        self.includesPlaintext = includesPlaintext
    }
}
