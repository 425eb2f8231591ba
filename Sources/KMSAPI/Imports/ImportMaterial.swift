import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let importMaterial = Endpoint(
        change: .post, "keys/{key}/import", "importMaterial",
        "Imports the material of a new version, or that of an earlier version again", guide: .importMaterial,
        verb: .importKey,
        body: ImportBody.self,
        message: "material imported",
        failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([
            .importJobNotFound, .versionNotFound, .materialDiffers, .materialRejected, .unsupported,
        ])
    ) { request in
        let key = try request.key()
        let (body, options) = try await request.change()
        return try await request.service.importMaterial(
            body.material, under: body.job, into: key, version: body.version, publicKey: body.publicKey,
            expiresAt: body.expiresAt, activating: body.isActivating, options: options, by: request.caller)
    }
}

/// The body of `POST keys/{key}/import`.
struct ImportBody: FieldBody, ChangeBodyShape {
    let job: ImportJobID
    let material: [UInt8]
    let publicKey: PublicKeyInfo?
    let version: VersionNumber?
    let isActivating: Bool
    let expiresAt: Timestamp?
    let note: ChangeNote?
    let isDryRun: Bool

    static let name = "Import"
    static let example: DocumentValue = [
        "job": "0d9f3b52-6a3e-4c1f-9f0a-8a4b2f1c7d60", "material": "aGVsbG8=", "activate": true,
    ]
    static var conditions: [(name: String, value: DocumentValue)] { ChangeBody.commentNeedsReason }

    enum Field: String, DescribedFields {
        case job, material, publicKey, version, activate, expiresAt, reason, comment, dryRun

        var shape: FieldShape {
            switch self {
            case .job: .must(.uuid)
            case .material: .must(.base64())
            case .publicKey: .may(.base64())
            case .version: .may(.version)
            case .activate: .may(.flag)
            case .expiresAt: .may(.day)
            case .reason: ChangeBody.Field.reason.shape
            case .comment: ChangeBody.Field.comment.shape
            case .dryRun: ChangeBody.Field.dryRun.shape
            }
        }
    }

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
            case .job: job = try Self.job(try reader.text(path))
            case .material: material = try reader.bytes(path)
            case .publicKey: publicKey = PublicKeyInfo(der: try reader.bytes(path))
            case .version: version = try reader.versionNumber(path)
            case .activate: isActivating = try reader.flag(path)
            case .expiresAt: expiresAt = try Self.day(try reader.text(path))
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

    private static func job(_ text: String) throws(KMSError) -> ImportJobID {
        guard let id = ImportJobID(text) else { throw .invalidRequest("job is not the id of an import job") }
        return id
    }

    private static func day(_ text: String) throws(KMSError) -> Timestamp {
        guard let time = Timestamp(day: text) else {
            throw .invalidRequest("expiresAt is not a day such as 2030-01-31")
        }
        return time
    }
}
