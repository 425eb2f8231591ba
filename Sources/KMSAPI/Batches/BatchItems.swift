import JSONText
import KeyManagement

extension DataKeyBody: BatchItem {
    static let batchName = "DataKeyBatch"
}

extension ReEncryptBody: BatchItem {
    static let batchName = "ReEncryptBatch"
}

extension GenerateMACBody: BatchItem {
    static let batchName = "MACBatch"
}

/// An item to be encrypted with AES. A wrong length is reported in the item's result, and does not fail the request.
struct EncryptBatchItem: BatchItem {
    let item: EncryptItem

    static let batchName = "EncryptBatch"
    static let itemSchema = Schema.object([
        .must("plaintext", Schema.base64().described("1 to \(KeyService.maxPlaintextLength) bytes.")),
        .may("context", .context),
    ])
    static let itemExample = EncryptBody.example

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try EncryptBody(&reader)
        guard body.padding == nil else { throw .invalidRequest("padding is not supported in a batch") }
        item = EncryptItem(plaintext: body.plaintext, context: body.context)
    }
}

/// A ciphertext of the service to be decrypted.
struct DecryptBatchItem: BatchItem {
    let item: DecryptItem

    static let batchName = "DecryptBatch"
    static let itemSchema = Schema.object([.must("ciphertext", .ciphertext), .may("context", .context)])
    static let itemExample = DecryptBody.example

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try DecryptBody(&reader)
        guard case .ours(let ciphertext) = body.ciphertext else {
            throw .invalidRequest("padding is not supported in a batch")
        }
        item = DecryptItem(ciphertext: ciphertext, context: body.context)
    }
}

/// A message or digest to be signed.
struct SignBatchItem: BatchItem {
    let input: SigningInput

    static let batchName = "SignBatch"
    static let itemSchema = SigningFields.conditions.reduce(Schema.object(SigningFields.Field.properties)) {
        $0.with($1.name, $1.value)
    }
    static let itemExample = SignBody.example
    static let sharedFields: Set<BatchField> = [.algorithm, .form]

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        try reader.object(of: SigningFields.Field.self) { (reader, field) throws(KMSError) in
            try fields.read(field, &reader)
        }
        input = try fields.input()
    }
}

/// A signature to be verified.
struct VerifyBatchItem: FieldBody, BatchItem {
    let item: VerifyItem

    static let name = "VerifyItem"
    static let batchName = "VerifyBatch"
    static let example = VerifyBody.example
    static let sharedFields: Set<BatchField> = [.algorithm, .form, .version]
    static var conditions: [(name: String, value: DocumentValue)] { SigningFields.conditions }

    enum Field: String, DescribedFields {
        case message, digest, signature

        var shape: FieldShape {
            switch self {
            case .message: SigningFields.Field.message.shape
            case .digest: SigningFields.Field.digest.shape
            case .signature: .must(.signature)
            }
        }
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var signature: [UInt8]?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            switch field {
            case .message: try fields.read(.message, &reader)
            case .digest: try fields.read(.digest, &reader)
            case .signature: signature = try reader.bytes(FieldPath(field))
            }
        }
        guard let signature else { throw .invalidRequest("signature is missing: base64") }
        item = VerifyItem(input: try fields.input(), signature: signature)
    }
}

/// An HMAC to be verified.
struct VerifyMACBatchItem: BatchItem {
    let item: VerifyMACItem

    static let batchName = "VerifyMACBatch"
    static let itemSchema = Schema.object(
        VerifyMACBody.Field.properties.filter { $0.name != VerifyMACBody.Field.version.rawValue })
    static let itemExample = VerifyMACBody.example
    static let sharedFields: Set<BatchField> = [.version]

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try VerifyMACBody(&reader)
        guard body.version == nil else { throw .invalidRequest("version is given together with items; leave one out") }
        item = body.item
    }
}
