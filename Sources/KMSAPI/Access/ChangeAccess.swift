import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let showAccess = Endpoint(
        .get, "keys/{key}/access", "showAccess", "Returns the access control of a key", guide: .showAccess,
        verb: .describeKey,
        answer: Answers.access, message: "access to the key", failures: [.keyNotFound]
    ) { request in
        AccessAnswer(key: try await request.service.describeKey(request.key(), by: request.caller))
    }

    static let changeAccess = Endpoint(
        .put, "keys/{key}/access", "changeAccess", "Replaces the access control of a key", guide: .changeAccess,
        verb: .changeAccess,
        body: KeyAccessBody.self, answer: Answers.access, message: "access changed",
        failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([.subjectNotFound, .groupNotFound])
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        let caller = try request.caller
        let outcome = try await request.service.changeAccess(
            to: key, body.change, options: ChangeOptions(isDryRun: body.isDryRun), by: caller)
        return try AccessAnswer(outcome, for: caller)
    }

    static let changeOwner = Endpoint(
        .put, "keys/{key}/owner", "changeOwner", "Changes the owner of a key", guide: .changeOwner, verb: .changeOwner,
        body: KeyOwnerBody.self, answer: Answers.access, message: "owner changed",
        failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([.subjectNotFound])
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        let caller = try request.caller
        let outcome = try await request.service.changeOwner(
            of: key, to: body.owner, options: ChangeOptions(isDryRun: body.isDryRun), by: caller)
        return try AccessAnswer(outcome, for: caller)
    }
}

/// The access control of a key, as it is or as a change left it.
struct AccessAnswer {
    let key: KeyRecord
    /// The effects, if this is the answer to a dry run.
    var impact: ChangeImpact?
    /// The caller, if the change has locked it out; nil otherwise.
    var lockedOut: SubjectID?
}

extension AccessAnswer {
    init(_ outcome: ChangeOutcome, for caller: Caller) throws(KMSError) {
        switch outcome {
        case .changed(let changed): self.init(key: changed.key)
        case .planned(let changed, let impact): self.init(key: changed.key, impact: impact)
        case .repeated: throw .internalFailure("a change of access was repeated, which nobody asked for")
        }
        if KeyService.isLockedOut(of: key, caller) { lockedOut = caller.subject }
    }
}

extension Answers {
    fileprivate static let access = Answer<AccessAnswer>(
        "Access",
        [
            .may("dryRun", .flag), .may("impact", impactSchema), .must("keyId", .uuid),
            .must("owner", Schema.subjectName.orNull),
            .must("accessControl", .flag), .must("subjects", .names), .must("groups", .names),
            .must("statements", .list(of: .text, atMost: KeyPolicy.maxStatements)), .may("warning", .text),
        ]
    ) { writer, access in
        if let impact = access.impact {
            writer.field("dryRun", true)
            writer.impact(impact, of: access.key)
        }
        writer.field("keyId", access.key.id.description)
        writer.field("owner", optional: access.key.owner?.text)
        writer.field("accessControl", access.key.access != .byRole)
        writer.field("subjects", access.key.access.list?.subjects.sorted().map(\.text) ?? [])
        writer.field("groups", access.key.access.list?.groups.sorted().map(\.text) ?? [])
        writer.field("statements", access.key.access.policy?.statements.map(\.text) ?? [])
        if let subject = access.lockedOut {
            writer.field("warning", "\(subject) is not in the list, and can no longer use or change this key")
        }
    }
}

/// The body of `PUT keys/{key}/access`.
struct KeyAccessBody: FieldBody {
    let change: KeyAccessChange
    let isDryRun: Bool

    static let name = "KeyAccess"
    static let example: DocumentValue = [
        "accessControl": true, "subjects": ["alice@example.com"], "groups": ["payroll-team"],
    ]
    static var note: String? { "The subjects and groups with access; none with `accessControl: false`." }

    enum Field: String, DescribedFields {
        case accessControl, subjects, groups, dryRun

        var shape: FieldShape {
            switch self {
            case .accessControl: .must(.flag)
            case .subjects, .groups: .may(.list(of: .subjectName, atMost: AccessList.maxCount))
            case .dryRun: .may(.dryRun)
            }
        }
    }

    static var conditions: [(name: String, value: DocumentValue)] {
        [
            ("if", ["properties": ["accessControl": ["const": false]]]),
            ("then", ["properties": ["subjects": ["maxItems": 0], "groups": ["maxItems": 0]]]),
        ]
    }

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
                    try reader.list(path, atMost: AccessList.maxCount) { (reader) throws(KMSError) in
                        try SubjectID(try reader.text(path))
                    })
            case .groups:
                groups = Set(
                    try reader.list(path, atMost: AccessList.maxCount) { (reader) throws(KMSError) in
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
struct KeyOwnerBody: FieldBody {
    let owner: SubjectID
    let isDryRun: Bool

    static let name = "KeyOwner"
    static let example: DocumentValue = ["owner": "alice@example.com"]

    enum Field: String, DescribedFields {
        case owner, dryRun

        var shape: FieldShape {
            switch self {
            case .owner: .must(.subjectName)
            case .dryRun: .may(.dryRun)
            }
        }
    }

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
