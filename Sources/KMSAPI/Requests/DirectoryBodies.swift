import HTTPServing
import JSONText
import KeyManagement

/// The body of `PATCH groups/{group}`.
struct DescriptionBody: RequestBodyShape {
    let description: KeyDescription

    private enum Field: String, JSONFields {
        case description
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var description: KeyDescription?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            description = try KeyDescription(try reader.text(FieldPath(field)))
        }
        guard let description else { throw .invalidRequest("description is missing") }
        self.description = description
    }
}

/// The body of `POST groups`.
struct NamedBody: RequestBodyShape {
    let name: String
    let description: KeyDescription

    private enum Field: String, JSONFields {
        case name, description
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var name: String?
        var description = KeyDescription.none
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .name: name = try reader.text(path)
            case .description: description = try KeyDescription(try reader.text(path))
            }
        }
        guard let name else { throw .invalidRequest("name is missing") }
        self.name = name
        self.description = description
    }
}

/// The body of `POST subjects`.
struct CreateSubjectBody: RequestBodyShape {
    let id: SubjectID
    let kind: SubjectKind
    let description: KeyDescription
    let isAdministrator: Bool

    private enum Field: String, JSONFields {
        case name, kind, service, description, administrator
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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
        case ("serviceAgent", nil): throw .invalidRequest("service is missing: a serviceAgent is one of a service")
        case ("user", _), ("serviceAccount", _):
            throw .invalidRequest("service goes with the kind serviceAgent")
        default:
            throw .invalidRequest("kind is none of \(SubjectKind.names.joined(separator: ", "))")
        }
    }
}

/// The body of `PATCH subjects/{subject}`.
struct UpdateSubjectBody: RequestBodyShape {
    let update: SubjectUpdate

    private enum Field: String, JSONFields {
        case description, enabled, administrator
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

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

/// The body of `PUT projects/{project}/roles/…`.
struct RoleBody: RequestBodyShape {
    let role: Role

    private enum Field: String, JSONFields {
        case role
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var role: Role?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            role = try reader.member(FieldPath(field), of: Role.self)
        }
        guard let role else { throw .invalidRequest("role is missing: viewer, user or manager") }
        self.role = role
    }
}

/// The body of `POST subjects/{subject}/credentials`. The body and all of its fields are optional.
struct CredentialBody: RequestBodyShape {
    var request = CredentialRequest()

    private enum Field: String, JSONFields {
        case project, days, networks
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var request = CredentialRequest()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .project: request.project = try ProjectID(try reader.text(path))
            case .days: request.days = try reader.wholeNumber(path)
            case .networks:
                request.networks = try reader.list(path, atMost: 32) { (reader) throws(KMSError) in
                    try Network(try reader.text(path))
                }
            }
        }
        self.request = request
    }
}
