import JSONText
import KeyManagement

extension EndpointGroup {
    static let signatures = EndpointGroup(
        "signatures", "Signatures, MACs, shared secrets and public keys.",
        [.sign, .verify, .generateMAC, .verifyMAC, .deriveSharedSecret, .publicKey, .publicKeyOfVersion])
}

extension Schema {
    static let message = Schema.base64(atMost: 65536)
    static let signature = Schema.base64(atMost: 1024)
    static let mac = Schema.base64(atMost: 64)
}

extension Answers {
    /// The result of the verification of a signature or of a MAC.
    static let verified = Answer<Verified>(
        "Verified", versionFields + [.must("valid", .flag)], capacity: { _ in 192 }
    ) { writer, verified in
        writer.fields(of: verified.version)
        writer.field("valid", verified.isValid)
    }
}

/// The options of signatures, the same for all items of a batch.
struct SignatureOptions {
    var algorithm: SignatureAlgorithm?
    var form = SignatureForm.der
    /// The version to verify with; nil for the active version.
    var version: VersionNumber?
}

/// The signed input, for signing and for verifying: `{"message": …}` or `{"digest": …}`, base64.
struct SigningFields {
    private var message: [UInt8]?
    private var digest: [UInt8]?

    enum Field: String, DescribedFields {
        case message, digest

        var shape: FieldShape { .may(self == .message ? .message : .base64(atMost: 64)) }
    }

    /// The alternatives `message` and `digest`, exactly one of which is required.
    static let conditions: [(name: String, value: DocumentValue)] = [
        ("oneOf", [["required": ["message"]], ["required": ["digest"]]])
    ]

    mutating func read(_ field: Field, _ reader: inout JSONReader) throws(KMSError) {
        switch field {
        case .message: message = try reader.bytes(FieldPath(field))
        case .digest: digest = try reader.bytes(FieldPath(field))
        }
    }

    func input() throws(KMSError) -> SigningInput {
        switch (message, digest) {
        case (let message?, nil): return .message(message)
        case (nil, let digest?): return .digest(digest)
        case (nil, nil): throw .invalidRequest("message or digest is missing: base64 of what is signed")
        case (_?, _?): throw .invalidRequest("message and digest are both given; send one of them")
        }
    }
}
