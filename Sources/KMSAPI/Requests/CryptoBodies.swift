import HTTPServing
import JSONText
import KeyManagement
import SecretMemory

/// The body of `POST keys/{key}/data-key`. The body and all of its fields are optional.
struct DataKeyBody: RequestBodyShape {
    var spec = DataKeySpec.aes256
    var context = EncryptionContext.empty
    var includesPlaintext = true

    private enum Field: String, JSONFields {
        case keySpec, bytes, context, plaintext
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `POST keys/{key}/data-key-pair`.
struct DataKeyPairBody: RequestBodyShape {
    let algorithm: KeyAlgorithm
    let context: EncryptionContext
    let includesPlaintext: Bool

    private enum Field: String, JSONFields {
        case algorithm, context, plaintext
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `POST keys/{key}/encrypt`.
struct EncryptBody: RequestBodyShape {
    let plaintext: SecretBytes
    let context: EncryptionContext
    /// The padding, for RSA keys.
    let padding: AsymmetricEncryption?

    private enum Field: String, JSONFields {
        case plaintext, context, padding
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `POST keys/{key}/decrypt` and `POST decrypt`.
struct DecryptBody: RequestBodyShape {
    let ciphertext: Form
    let context: EncryptionContext

    /// The forms of a ciphertext.
    enum Form {
        /// A ciphertext of the service; nil if the text is not one. The service answers that like any ciphertext that is not authentic.
        case ours(Ciphertext?)
        /// A ciphertext made with the public key of an RSA key; `padding` is given.
        case bare(BareCiphertext)
    }

    private enum Field: String, JSONFields {
        case ciphertext, context, padding, version
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `POST keys/{key}/re-encrypt`.
struct ReEncryptBody: RequestBodyShape {
    let item: ReEncryptItem

    private enum Field: String, JSONFields {
        case ciphertext, sourceContext, context
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `POST random`.
struct RandomBody: RequestBodyShape {
    let byteCount: Int

    private enum Field: String, JSONFields {
        case bytes
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var count: Int?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            count = try reader.wholeNumber(FieldPath(field))
        }
        guard let count else { throw .invalidRequest("bytes is missing: how many, 1 to 1024") }
        byteCount = count
    }
}
