import HTTPServing
import JSONText
import KeyManagement

/// The body of `POST keys/{key}/batch/…`: `{"items": [{…}, …]}`, 1 to 1,000 items, each as the verb alone takes it. Fields that must be the
/// same for all items are beside the list.
struct BatchBody<Item: BatchItem>: RequestBodyShape {
    let items: [Item]
    let options: SignatureOptions

    static var fieldNames: [String] {
        BatchField.allCases.filter { $0 == .items || Item.sharedFields.contains($0) }.map(\.rawValue)
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var items: [Item]?
        var options = SignatureOptions()
        try reader.object(of: BatchField.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            guard field == .items || Item.sharedFields.contains(field) else {
                throw .invalidRequest("\(path) is not taken in this batch")
            }
            switch field {
            case .items:
                items = try reader.list(path, atMost: 1000) { (reader) throws(KMSError) in try Item(&reader) }
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            case .version: options.version = try reader.versionNumber(path)
            }
        }
        guard let items else { throw .invalidRequest("items is missing: a list") }
        self.items = items
        self.options = options
    }
}

/// The fields of a batch's body.
enum BatchField: String, JSONFields {
    case items, algorithm, form, version
}

/// One item of a batch.
protocol BatchItem: RequestBodyShape {
    /// The fields that all items of a batch share.
    static var sharedFields: Set<BatchField> { get }
}

extension BatchItem {
    static var sharedFields: Set<BatchField> { [] }
}

extension DataKeyBody: BatchItem {}
extension ReEncryptBody: BatchItem {}
extension GenerateMACBody: BatchItem {}

/// An item to be encrypted with AES.
struct EncryptBatchItem: BatchItem {
    let item: EncryptItem

    static let fieldNames = EncryptBody.fieldNames.filter { $0 != "padding" }

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try EncryptBody(&reader)
        guard body.padding == nil else { throw .invalidRequest("padding is not taken in a batch") }
        item = EncryptItem(plaintext: body.plaintext, context: body.context)
    }
}

/// A ciphertext of the service to be decrypted.
struct DecryptBatchItem: BatchItem {
    let item: DecryptItem

    static let fieldNames = DecryptBody.fieldNames.filter { $0 != "padding" && $0 != "version" }

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try DecryptBody(&reader)
        guard case .ours(let ciphertext) = body.ciphertext else {
            throw .invalidRequest("padding is not taken in a batch")
        }
        item = DecryptItem(ciphertext: ciphertext, context: body.context)
    }
}

/// A message or digest to be signed.
struct SignBatchItem: BatchItem {
    let input: SigningInput

    static let sharedFields: Set<BatchField> = [.algorithm, .form]

    private enum Field: String, JSONFields {
        case message, digest
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            switch field {
            case .message: try fields.read(.message, FieldPath(field), &reader)
            case .digest: try fields.read(.digest, FieldPath(field), &reader)
            }
        }
        input = try fields.input()
    }
}

/// A signature to be verified.
struct VerifyBatchItem: BatchItem {
    let item: VerifyItem

    static let sharedFields: Set<BatchField> = [.algorithm, .form, .version]

    private enum Field: String, JSONFields {
        case message, digest, signature
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var signature: [UInt8]?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            switch field {
            case .message: try fields.read(.message, FieldPath(field), &reader)
            case .digest: try fields.read(.digest, FieldPath(field), &reader)
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

    static let fieldNames = VerifyMACBody.fieldNames.filter { $0 != "version" }
    static let sharedFields: Set<BatchField> = [.version]

    init(_ reader: inout JSONReader) throws(KMSError) {
        let body = try VerifyMACBody(&reader)
        guard body.version == nil else { throw .invalidRequest("version stands beside items") }
        item = body.item
    }
}
