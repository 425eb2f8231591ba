import JSONText
import KeyManagement

/// The body of `POST subjects`.
struct CreateSubjectBody: FieldBody {
    let id: SubjectID
    let kind: SubjectKind
    let description: KeyDescription
    let isAdministrator: Bool

    static let name = "CreateSubject"
    static let example: DocumentValue = ["name": "mailer", "kind": "serviceAgent", "service": "mail"]
    static var note: String? { "`service` is required for the kind `serviceAgent`, and not allowed for others." }

    enum Field: String, DescribedFields {
        case name, kind, service, description, administrator

        var shape: FieldShape {
            switch self {
            case .name: .must(.subjectName)
            case .kind: .may(.one(of: SubjectKind.names))
            case .service: .may(.serviceName)
            case .description: .may(.description)
            case .administrator: .may(.flag)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        [
            ("if", ["properties": ["kind": ["const": "serviceAgent"]], "required": ["kind"]]),
            ("then", ["required": ["service"]]), ("else", ["not": ["required": ["service"]]]),
        ]
    }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var id: SubjectID?
        var kind = "user"
        var service: ServiceName?
        var description = KeyDescription.none
        var isAdministrator = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: id = try SubjectID(try reader.text(path))
            case .kind: kind = try reader.text(path)
            case .service: service = try ServiceName(try reader.text(path))
            case .description: description = try KeyDescription(try reader.text(path))
            case .administrator: isAdministrator = try reader.flag(path)
            }
        }
        guard let id else { throw .invalidRequest("name is missing") }
        self.id = id
        self.kind = try Self.kind(kind, service)
        self.description = description
        self.isAdministrator = isAdministrator
    }

    private static func kind(_ name: String, _ service: ServiceName?) throws(KMSError) -> SubjectKind {
        switch (name, service) {
        case ("user", nil): return .user
        case ("serviceAccount", nil): return .serviceAccount
        case ("serviceAgent", let service?): return .serviceAgent(service)
        case ("serviceAgent", nil): throw .invalidRequest("service is missing: a serviceAgent belongs to a service")
        case ("user", _), ("serviceAccount", _):
            throw .invalidRequest("service goes with the kind serviceAgent")
        default:
            throw .invalidRequest("kind is none of \(SubjectKind.names.joined(separator: ", "))")
        }
    }
}

/// The body of `PATCH subjects/{subject}`.
struct UpdateSubjectBody: FieldBody {
    let update: SubjectUpdate

    static let name = "UpdateSubject"
    static let example: DocumentValue = ["enabled": false]

    enum Field: String, DescribedFields {
        case description, enabled, administrator

        var shape: FieldShape {
            switch self {
            case .description: .may(.description)
            case .enabled, .administrator: .may(.flag)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] { [("minProperties", 1)] }

    init(_ reader: inout JSONReader) throws(KMSError) {
        var update = SubjectUpdate()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .description: update.description = try KeyDescription(try reader.text(path))
            case .enabled: update.isEnabled = try reader.flag(path)
            case .administrator: update.isAdministrator = try reader.flag(path)
            }
        }
        guard update.description != nil || update.isEnabled != nil || update.isAdministrator != nil else {
            throw .invalidRequest("nothing to change: give description, enabled or administrator")
        }
        self.update = update
    }
}
