import HTTPServing
import JSONText
import KeyManagement

/// The body of `PUT keys/{key}/access`.
struct KeyAccessBody: RequestBodyShape {
    let change: KeyAccessChange
    let isDryRun: Bool

    private enum Field: String, JSONFields {
        case accessControl, subjects, groups, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var isOn: Bool?
        var subjects: Set<SubjectID> = []
        var groups: Set<GroupID> = []
        var isDryRun = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .accessControl: isOn = try reader.flag(path)
            case .subjects:
                subjects = Set(
                    try reader.list(path, atMost: AccessList.most) { (reader) throws(KMSError) in
                        try SubjectID(try reader.text(path))
                    })
            case .groups:
                groups = Set(
                    try reader.list(path, atMost: AccessList.most) { (reader) throws(KMSError) in
                        try GroupID(try reader.text(path))
                    })
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }
        switch isOn {
        case nil: throw .invalidRequest("accessControl is missing: true or false")
        case true: change = .on(try AccessList(subjects: subjects, groups: groups))
        case false:
            guard subjects.isEmpty, groups.isEmpty else {
                throw .invalidRequest(
                    "subjects and groups go with accessControl: true; turned off, the list is emptied")
            }
            change = .off
        }
        self.isDryRun = isDryRun
    }
}

/// The body of `PUT keys/{key}/owner`.
struct KeyOwnerBody: RequestBodyShape {
    let owner: SubjectID
    let isDryRun: Bool

    private enum Field: String, JSONFields {
        case owner, dryRun
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var owner: SubjectID?
        var isDryRun = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .owner: owner = try SubjectID(try reader.text(path))
            case .dryRun: isDryRun = try reader.flag(path)
            }
        }
        guard let owner else { throw .invalidRequest("owner is missing") }
        self.owner = owner
        self.isDryRun = isDryRun
    }
}

/// The body of `POST access/explain`.
struct ExplainBody: RequestBodyShape {
    let subject: SubjectID
    let verb: Verb
    let key: KeyReference?

    private enum Field: String, JSONFields {
        case subject, verb, key
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var subject: SubjectID?
        var verb: Verb?
        var key: KeyReference?
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .subject: subject = try SubjectID(try reader.text(path))
            case .verb: verb = try reader.member(path, of: Verb.self)
            case .key: key = try KeyReference(try reader.text(path))
            }
        }
        guard let subject else { throw .invalidRequest("subject is missing") }
        guard let verb else { throw .invalidRequest("verb is missing, such as decrypt") }
        self.subject = subject
        self.verb = verb
        self.key = key
    }
}

/// The body of `POST keys/{key}/grants`.
struct GrantBody: RequestBodyShape {
    let request: GrantRequest

    private enum Field: String, JSONFields {
        case grantee, actions, retiring, name, context, allowsMoreContext
    }
    static let fieldNames = Field.allCases.map(\.rawValue)

    init(_ reader: inout JSONReader) throws(KMSError) {
        var grantee: AccessStatement.Party?
        var retiring: AccessStatement.Party?
        var actions: Set<KeyAction> = []
        var name = ""
        var context: EncryptionContext?
        var allowsMore = false
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .grantee: grantee = try Self.party(try reader.text(path), path)
            case .retiring: retiring = try Self.party(try reader.text(path), path)
            case .actions:
                actions = Set(
                    try reader.list(path, atMost: KeyAction.grantable.count) { (reader) throws(KMSError) in
                        try reader.member(path, of: KeyAction.self)
                    })
            case .name: name = try reader.text(path)
            case .context: context = try reader.context(path)
            case .allowsMoreContext: allowsMore = try reader.flag(path)
            }
        }
        guard let grantee else { throw .invalidRequest("grantee is missing: subject:NAME, group:NAME or *") }
        guard context != nil || !allowsMore else {
            throw .invalidRequest("allowsMoreContext goes with context")
        }
        request = GrantRequest(
            name: name, grantee: grantee, retiring: retiring, actions: actions,
            constraint: context.map { allowsMore ? .includes($0) : .equals($0) })
    }

    private static func party(_ text: String, _ path: FieldPath) throws(KMSError) -> AccessStatement.Party {
        guard let party = AccessStatement.Party(text: text) else {
            throw .invalidRequest("\(path) is not subject:NAME, group:NAME or *")
        }
        return party
    }
}
