import KeyManagement

/// `POST keys/{key}/data-key`. Everything in it, and the body itself, may be left out.
struct DataKeyBody: RequestBodyShape {
    var spec = DataKeySpec.aes256
    var context = EncryptionContext.empty
    var includesPlaintext = true

    private enum Field: String, JSONFields {
        case keySpec, bytes, context, plaintext
    }

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
        if named != nil, counted != nil { throw .invalidRequest("keySpec and bytes are both given; one says it all") }
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

/// `POST keys/{key}/encrypt`.
struct EncryptBody: RequestBodyShape {
    let plaintext: SecretBytes
    let context: EncryptionContext

    private enum Field: String, JSONFields {
        case plaintext, context
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var plaintext: SecretBytes?
        var context = EncryptionContext.empty
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .plaintext: plaintext = try reader.secret(path)
            case .context: context = try reader.context(path)
            }
        }
        guard let plaintext else { throw .invalidRequest("plaintext is missing: base64 of what to encrypt") }
        self.plaintext = plaintext
        self.context = context
    }
}

/// `POST keys/{key}/decrypt` and `POST decrypt`.
struct DecryptBody: RequestBodyShape {
    /// Nil when the text is no ciphertext at all; the service answers that as it does every one that is not authentic.
    let ciphertext: Ciphertext?
    let context: EncryptionContext

    private enum Field: String, JSONFields {
        case ciphertext, context
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var text: String?
        var context = EncryptionContext.empty
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .ciphertext: text = try reader.text(path)
            case .context: context = try reader.context(path)
            }
        }
        guard let text else { throw .invalidRequest("ciphertext is missing: its text form or base64") }
        ciphertext = Ciphertext(text: text)
        self.context = context
    }
}

extension JSONReader {
    fileprivate mutating func context(_ field: FieldPath) throws(KMSError) -> EncryptionContext {
        try EncryptionContext(try texts(field))
    }
}
