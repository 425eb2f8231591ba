import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let updateKey = Endpoint(
        change: .patch, "keys/{key}", "updateKey", "Changes name, description, tags or rotation of a key",
        guide: .updateKey,
        verb: .updateKey, body: UpdateKeyBody.self, message: "key updated",
        failures: FailureCode.ofChanges.union([.keyNameTaken])
    ) { request in
        let key = try request.key()
        let (body, options) = try await request.change()
        return try await request.service.updateKey(key, body.update, options: options, by: request.caller)
    }
}

/// The body of `PATCH keys/{key}`.
struct UpdateKeyBody: FieldBody, ChangeBodyShape {
    let update: KeyUpdate
    let isDryRun: Bool
    var note: ChangeNote? { nil }

    static let name = "UpdateKey"
    static let example: DocumentValue = ["description": "Payslips", "rotationDays": 30]

    enum Field: String, DescribedFields {
        case name, description, tags, rotationDays, dryRun

        var shape: FieldShape {
            switch self {
            case .name: .may(.keyName)
            case .description: .may(.description)
            case .tags: .may(.tags)
            case .rotationDays: .may(.number(0...RotationPeriod.maxNativeDays).described("0 turns rotation off."))
            case .dryRun: .may(.dryRun)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        let changes: [Field] = [.name, .description, .tags, .rotationDays]
        return [("anyOf", .list(changes.map { ["required": [.text($0.rawValue)]] }))]
    }

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
        days == 0 ? .off : .every(try RotationPeriod(days: days, max: RotationPeriod.maxNativeDays))
    }
}
