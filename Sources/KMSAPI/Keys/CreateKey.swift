import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let createKey = Endpoint(
        change: .post, "keys", "createKey", "Creates a key and its first version", guide: .createKey, verb: .createKey,
        body: CreateKeyBody.self, createsKey: true, message: "key created",
        failures: [.unsupported, .keyNameTaken, .conflict]
    ) { request in
        let (body, options) = try await request.change()
        return try await request.service.createKey(body.request, options: options, by: request.caller)
    }
}

/// The body of `POST keys`.
struct CreateKeyBody: FieldBody, ChangeBodyShape {
    let request: CreateKeyRequest
    let isDryRun: Bool
    var note: ChangeNote? { nil }

    static let name = "CreateKey"
    static let example: DocumentValue = ["name": "payroll", "tags": ["team": "payroll"], "rotationDays": 90]

    enum Field: String, DescribedFields {
        case name, description, tags, algorithm, usage, origin, rotationDays, preActivation, dryRun

        var shape: FieldShape {
            switch self {
            case .name: .must(.keyName)
            case .description: .may(.description)
            case .tags: .may(.tags)
            case .algorithm: .may(.algorithm)
            case .usage: .may(.one(of: KeyUsage.self))
            case .origin: .may(.one(of: KeyOrigin.self))
            case .rotationDays: .may(.number(1...RotationPeriod.maxNativeDays))
            case .preActivation: .may(.flag.described("Create no version yet."))
            case .dryRun: .may(.dryRun)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        [("allOf", .list([importedDoesNotRotate] + KeyUsage.allCases.map(algorithms)))]
    }

    /// Excludes a rotation period for imported material, which is not rotated automatically.
    private static let importedDoesNotRotate: DocumentValue = [
        "not": ["properties": ["origin": ["const": "imported"]], "required": ["origin", "rotationDays"]]
    ]

    /// Returns the condition that a usage fits its algorithm; without an algorithm it is AES.
    private static func algorithms(for usage: KeyUsage) -> DocumentValue {
        let algorithms = KeyAlgorithm.allCases.filter { $0.usages.contains(usage) }
        let known: DocumentValue = ["properties": ["algorithm": ["enum": .texts(algorithms.map(\.rawValue))]]]
        let isGiven: DocumentValue = ["required": ["algorithm"]]
        return [
            "if": ["properties": ["usage": ["const": .text(usage.rawValue)]], "required": ["usage"]],
            "then": ["allOf": .list(algorithms.contains(.aes256GCM96) ? [known] : [known, isGiven])],
        ]
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var name: KeyName?
        var description = KeyDescription.none
        var tags = KeyTags.none
        var algorithm = KeyAlgorithm.aes256GCM96
        var usage: KeyUsage?
        var origin = KeyOrigin.generated
        var rotation: RotationPeriod?
        var staysInPreActivation = false
        var isDryRun = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: name = try KeyName(try reader.text(path))
            case .description: description = try KeyDescription(try reader.text(path))
            case .tags: tags = try KeyTags(try reader.texts(path))
            case .algorithm: algorithm = try Self.algorithm(try reader.text(path))
            case .usage: usage = try reader.member(path, of: KeyUsage.self)
            case .origin: origin = try reader.member(path, of: KeyOrigin.self)
            case .rotationDays:
                rotation = try RotationPeriod(
                    days: try reader.wholeNumber(path), max: RotationPeriod.maxNativeDays)
            case .preActivation: staysInPreActivation = try reader.flag(path)
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }
        guard let name else { throw .invalidRequest("name is missing") }
        request = CreateKeyRequest(
            name: name, description: description, tags: tags, algorithm: algorithm, usage: usage, rotation: rotation,
            origin: origin, staysInPreActivation: staysInPreActivation)
        self.isDryRun = isDryRun
    }

    private static func algorithm(_ name: String) throws(KMSError) -> KeyAlgorithm {
        guard let algorithm = KeyAlgorithm(rawValue: name) else {
            let known = KeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("the algorithm \(FieldPath.shown(name)) is unknown; the known ones are \(known)")
        }
        return algorithm
    }
}
