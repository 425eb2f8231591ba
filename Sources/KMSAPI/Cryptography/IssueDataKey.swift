import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let issueDataKey = Endpoint(
        .post, "keys/{key}/data-key", "issueDataKey", "Issues a data key, in plaintext and encrypted",
        guide: .issueDataKey,
        verb: .issueDataKey,
        body: DataKeyBody.self, answer: Answers.dataKey, message: "data key issued", failures: FailureCode.ofUses
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.issueDataKey(
            under: key, spec: body.spec, context: body.context, includesPlaintext: body.includesPlaintext,
            by: request.caller)
    }
}

extension Answers {
    static let dataKey = Answer<DataKey>(
        "IssuedDataKey", versionFields + [.may("plaintext", .base64(), isInExample: true)] + ciphertextFields,
        capacity: { capacity(forPlaintext: $0.ciphertext.contentByteCount) }
    ) { writer, dataKey in
        writer.fields(of: dataKey.ciphertext.version)
        if let plaintext = dataKey.plaintext { writer.field("plaintext", base64: plaintext) }
        writer.fields(of: dataKey.ciphertext)
    }
}

/// The body of `POST keys/{key}/data-key`. The body and all of its fields are optional.
struct DataKeyBody: FieldBody {
    var spec = DataKeySpec.aes256
    var context = EncryptionContext.empty
    var includesPlaintext = true

    static let name = "DataKey"
    static let example: DocumentValue = ["keySpec": "AES_256", "context": ["employee": "1001"]]
    static var absent: DataKeyBody? { DataKeyBody() }

    enum Field: String, DescribedFields {
        case keySpec, bytes, context, plaintext

        var shape: FieldShape {
            switch self {
            case .keySpec: .may(.one(of: ["AES_256", "AES_128"]))
            case .bytes: .may(.number(1...DataKeySpec.maxLength))
            case .context: .may(.context)
            case .plaintext: .may(.flag.described("True to return the data key in plaintext; the default."))
            }
        }
    }

    /// Excludes the combination of `keySpec` and `bytes`.
    static var conditions: [(name: String, value: DocumentValue)] { [("not", ["required": ["keySpec", "bytes"]])] }

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var named: DataKeySpec?
        var counted: DataKeySpec?
        var context = EncryptionContext.empty
        var includesPlaintext = true
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .keySpec: named = try Self.spec(try reader.text(path))
            case .bytes: counted = try DataKeySpec(byteCount: try reader.wholeNumber(path))
            case .context: context = try reader.context(path)
            case .plaintext: includesPlaintext = try reader.flag(path)
            }
        }
        if named != nil, counted != nil { throw .invalidRequest("keySpec and bytes are both given; send one of them") }
        spec = named ?? counted ?? .aes256
        self.context = context
        self.includesPlaintext = includesPlaintext
    }

    private static func spec(_ name: String) throws(KMSError) -> DataKeySpec {
        switch name {
        case "AES_256": .aes256
        case "AES_128": .aes128
        default: throw .invalidRequest("keySpec is neither AES_256 nor AES_128")
        }
    }
}
