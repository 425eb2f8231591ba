import HTTPServing
import JSONText
import KeyManagement

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

    enum Field {
        case message, digest
    }

    mutating func read(_ field: Field, _ path: FieldPath, _ reader: inout JSONReader) throws(KMSError) {
        switch field {
        case .message: message = try reader.bytes(path)
        case .digest: digest = try reader.bytes(path)
        }
    }

    func input() throws(KMSError) -> SigningInput {
        switch (message, digest) {
        case (let message?, nil): return .message(message)
        case (nil, let digest?): return .digest(digest)
        case (nil, nil): throw .invalidRequest("message or digest is missing: base64 of what is signed")
        case (_?, _?): throw .invalidRequest("message and digest are both given; one says it all")
        }
    }
}

/// The body of `POST keys/{key}/sign`.
struct SignBody: RequestBodyShape {
    let input: SigningInput
    let options: SignatureOptions

    private enum Field: String, JSONFields {
        case message, digest, algorithm, form
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var options = SignatureOptions()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: try fields.read(.message, path, &reader)
            case .digest: try fields.read(.digest, path, &reader)
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            }
        }
        input = try fields.input()
        self.options = options
    }
}

/// The body of `POST keys/{key}/verify`.
struct VerifyBody: RequestBodyShape {
    let item: VerifyItem
    let options: SignatureOptions

    private enum Field: String, JSONFields {
        case message, digest, signature, algorithm, form, version
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = SigningFields()
        var signature: [UInt8]?
        var options = SignatureOptions()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: try fields.read(.message, path, &reader)
            case .digest: try fields.read(.digest, path, &reader)
            case .signature: signature = try reader.bytes(path)
            case .algorithm: options.algorithm = try reader.member(path, of: SignatureAlgorithm.self)
            case .form: options.form = try reader.member(path, of: SignatureForm.self)
            case .version: options.version = try reader.versionNumber(path)
            }
        }
        guard let signature else { throw .invalidRequest("signature is missing: base64") }
        item = VerifyItem(input: try fields.input(), signature: signature)
        self.options = options
    }
}

/// The body of `POST keys/{key}/hmac`.
struct GenerateMACBody: RequestBodyShape {
    let message: [UInt8]

    private enum Field: String, JSONFields {
        case message
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var message: [UInt8]?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            message = try reader.bytes(FieldPath(field))
        }
        guard let message else { throw .invalidRequest("message is missing: base64") }
        self.message = message
    }
}

/// The body of `POST keys/{key}/verify-hmac`.
struct VerifyMACBody: RequestBodyShape {
    let item: VerifyMACItem
    let version: VersionNumber?

    private enum Field: String, JSONFields {
        case message, hmac, version
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var message: [UInt8]?
        var code: [UInt8]?
        var version: VersionNumber?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .message: message = try reader.bytes(path)
            case .hmac: code = try reader.bytes(path)
            case .version: version = try reader.versionNumber(path)
            }
        }
        guard let message, let code else { throw .invalidRequest("message or hmac is missing: base64") }
        item = VerifyMACItem(message: message, code: code)
        self.version = version
    }
}

/// The body of `POST keys/{key}/derive-shared-secret`.
struct DeriveSharedSecretBody: RequestBodyShape {
    let publicKey: [UInt8]
    let version: VersionNumber?

    private enum Field: String, JSONFields {
        case publicKey, version
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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
