import HTTPServing
import JSONText
import KeyManagement

/// The body of `POST import-jobs`, which is optional.
struct ImportJobBody: RequestBodyShape {
    var algorithm = KeyAlgorithm.rsa4096
    var method: ImportMethod?

    private enum Field: String, JSONFields {
        case wrappingAlgorithm, method
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var algorithm = KeyAlgorithm.rsa4096
        var method: ImportMethod?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .wrappingAlgorithm: algorithm = try reader.member(path, of: KeyAlgorithm.self)
            case .method: method = try reader.member(path, of: ImportMethod.self)
            }
        }
        self.algorithm = algorithm
        self.method = method
    }
}

/// The body of `POST keys/{key}/import`.
struct ImportBody: RequestBodyShape {
    let job: ImportJobID
    let material: [UInt8]
    let publicKey: PublicKeyInfo?
    let version: VersionNumber?
    let isActivating: Bool
    let expiresAt: Timestamp?
    let note: ChangeNote?
    let isDryRun: Bool

    private enum Field: String, JSONFields {
        case job, material, publicKey, version, activate, expiresAt, reason, comment, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var job: ImportJobID?
        var material: [UInt8]?
        var publicKey: PublicKeyInfo?
        var version: VersionNumber?
        var isActivating = false
        var expiresAt: Timestamp?
        var fields = ChangeBody.Fields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .job:
                guard let id = ImportJobID(try reader.text(path)) else {
                    throw .invalidRequest("job is not the id of an import job")
                }
                job = id
            case .material: material = try reader.bytes(path)
            case .publicKey: publicKey = PublicKeyInfo(der: try reader.bytes(path))
            case .version: version = try reader.versionNumber(path)
            case .activate: isActivating = try reader.flag(path)
            case .expiresAt:
                guard let time = Timestamp(day: try reader.text(path)) else {
                    throw .invalidRequest("expiresAt is not a day such as 2030-01-31")
                }
                expiresAt = time
            case .reason: try fields.read(.reason, &reader)
            case .comment: try fields.read(.comment, &reader)
            case .dryRun: try fields.read(.dryRun, &reader)
            }
        }
        guard let job else { throw .invalidRequest("job is missing: the id of the import job") }
        guard let material else { throw .invalidRequest("material is missing: base64 of the wrapped key") }
        self.job = job
        self.material = material
        self.publicKey = publicKey
        self.version = version
        self.isActivating = isActivating
        self.expiresAt = expiresAt
        note = try fields.note()
        isDryRun = fields.isDryRun
    }
}

/// The body of `PUT aliases/{alias}`.
struct AliasBody: RequestBodyShape {
    let key: KeyReference

    private enum Field: String, JSONFields {
        case key
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var key: KeyReference?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            key = try KeyReference(try reader.text(FieldPath(field)))
        }
        guard let key else { throw .invalidRequest("key is missing: its name or id") }
        self.key = key
    }
}
