import HTTPServing
import JSONText
import KeyManagement

/// The body of `POST keys`.
struct CreateKeyBody: RequestBodyShape {
    let request: CreateKeyRequest
    let isDryRun: Bool

    private enum Field: String, JSONFields {
        case name, description, tags, algorithm, usage, origin, rotationDays, preActivation, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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
                    days: try reader.wholeNumber(path), longest: RotationPeriod.longestNative)
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
            throw .unsupported("the algorithm \(FieldPath.shown(name)) is not known; known are \(known)")
        }
        return algorithm
    }
}

/// The body of `PATCH keys/{key}`.
struct UpdateKeyBody: RequestBodyShape {
    let update: KeyUpdate
    let isDryRun: Bool

    private enum Field: String, JSONFields {
        case name, description, tags, rotationDays, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var update = KeyUpdate()
        var isDryRun = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: update.name = try KeyName(try reader.text(path))
            case .description: update.description = try KeyDescription(try reader.text(path))
            case .tags: update.tags = .replace(try KeyTags(try reader.texts(path)))
            case .rotationDays: update.rotation = try Self.rotation(try reader.wholeNumber(path))
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }
        self.update = update
        self.isDryRun = isDryRun
    }

    /// Returns the rotation for a number of days; 0 turns it off.
    private static func rotation(_ days: Int) throws(KMSError) -> KeyUpdate.Rotation {
        days == 0 ? .off : .every(try RotationPeriod(days: days, longest: RotationPeriod.longestNative))
    }
}

/// The body of every other change, which is optional: `{"reason": "superseded", "comment": "…", "dryRun": true}`.
struct ChangeBody: RequestBodyShape {
    var note: ChangeNote?
    var isDryRun = false

    enum Field: String, JSONFields {
        case reason, comment, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var fields = Fields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in try fields.read(field, &reader) }
        note = try fields.note()
        isDryRun = fields.isDryRun
    }

    /// The fields that the bodies of changes share.
    struct Fields {
        private var reason: ChangeReason?
        private var comment: KeyDescription?
        private(set) var isDryRun = false

        mutating func read(_ field: Field, _ reader: inout JSONReader) throws(KMSError) {
            let path = FieldPath(field)
            switch field {
            case .reason: reason = try reader.member(path, of: ChangeReason.self)
            case .comment: comment = try KeyDescription(try reader.text(path))
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }

        func note() throws(KMSError) -> ChangeNote? {
            guard let reason else {
                guard comment == nil else { throw .invalidRequest("a comment goes with a reason") }
                return nil
            }
            return ChangeNote(reason: reason, comment: comment ?? .none)
        }
    }
}

/// The body of `POST keys/{key}/versions/{version}/schedule-destruction`.
struct ScheduleDestructionBody: RequestBodyShape {
    var days: Int?
    var note: ChangeNote?
    var isDryRun = false

    private enum Field: String, JSONFields {
        case days, reason, comment, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var days: Int?
        var fields = ChangeBody.Fields()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            switch field {
            case .days: days = try reader.wholeNumber(FieldPath(field))
            case .reason: try fields.read(.reason, &reader)
            case .comment: try fields.read(.comment, &reader)
            case .dryRun: try fields.read(.dryRun, &reader)
            }
        }
        self.days = days
        note = try fields.note()
        isDryRun = fields.isDryRun
    }
}
