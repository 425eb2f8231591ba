import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let deriveSharedSecret = Endpoint(
        .post, "keys/{key}/derive-shared-secret", "deriveSharedSecret",
        "Derives the secret that the key shares with a public key (ECDH)", guide: .deriveSharedSecret,
        verb: .deriveSharedSecret,
        body: DeriveSharedSecretBody.self, limit: .message, answer: Answers.sharedSecret,
        message: "shared secret derived", failures: FailureCode.ofVersionUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.deriveSharedSecret(
            with: body.publicKey, of: key, version: body.version, by: request.caller)
    }
}

extension Answers {
    /// A shared secret, the x-coordinate: 32, 48 or 66 bytes.
    fileprivate static let sharedSecret = Answer<AgreedSecret>(
        "SharedSecret", versionFields + [.must("secret", .base64())]
    ) { writer, shared in
        writer.fields(of: shared.version)
        writer.field("secret", base64: shared.secret)
    }
}

/// The body of `POST keys/{key}/derive-shared-secret`.
struct DeriveSharedSecretBody: FieldBody {
    let publicKey: [UInt8]
    let version: VersionNumber?

    static let name = "DeriveSharedSecret"
    /// The public key of the private key 1 on P-256.
    static let example: DocumentValue = [
        "publicKey":
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="
    ]
    static var note: String? { "`publicKey` is the DER of a SubjectPublicKeyInfo on the key's curve." }

    enum Field: String, DescribedFields {
        case publicKey, version

        var shape: FieldShape {
            switch self {
            case .publicKey: .must(.base64())
            case .version: .may(.version)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var publicKey: [UInt8]?
        var version: VersionNumber?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .publicKey: publicKey = try reader.bytes(path)
            case .version: version = try reader.versionNumber(path)
            }
        }
        guard let publicKey else { throw .invalidRequest("publicKey is missing: base64") }
        self.publicKey = publicKey
        self.version = version
    }
}
