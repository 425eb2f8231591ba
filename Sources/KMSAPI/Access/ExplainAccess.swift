import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let explainAccess = Endpoint(
        .post, "access/explain", "explainAccess", "Explains whether a subject may perform an operation",
        guide: .explainAccess,
        verb: .explainAccess, body: ExplainBody.self, answer: Answers.explanation, message: "access explained",
        failures: [.keyNotFound, .subjectNotFound, .projectNotFound]
    ) { request in
        let body = try await request.body()
        let caller = try request.caller
        return try await request.service.explainAccess(
            of: body.subject, to: body.key, body.verb, in: caller.project, by: caller.principal)
    }
}

extension Answers {
    fileprivate static let explanation = Answer<AccessExplanation>(
        "AccessExplanation",
        [
            .must("allowed", .flag), .must("reason", .text), .must("subject", .subjectName),
            .must("verb", .one(of: Verb.self)), .must("project", .projectName), .must("keyId", Schema.uuid.orNull),
            .must("role", Schema.role.orNull), .must("groups", .names), .must("hidden", .flag),
        ]
    ) { writer, explanation in
        writer.field("allowed", explanation.isAllowed)
        writer.field("reason", explanation.decision.reason)
        writer.field("subject", explanation.subject.text)
        writer.field("verb", explanation.verb.rawValue)
        writer.field("project", explanation.project.text)
        writer.field("keyId", optional: explanation.key?.id.description)
        writer.field("role", optional: explanation.role?.rawValue)
        writer.field("groups", explanation.groups.sorted().map(\.text))
        if case .hidden = explanation.decision { writer.field("hidden", true) } else { writer.field("hidden", false) }
    }
}

/// The body of `POST access/explain`.
struct ExplainBody: FieldBody {
    let subject: SubjectID
    let verb: Verb
    let key: KeyReference?

    static let name = "Explain"
    static let example: DocumentValue = ["subject": "alice@example.com", "verb": "decrypt", "key": "payroll"]

    enum Field: String, DescribedFields {
        case subject, verb, key

        var shape: FieldShape {
            switch self {
            case .subject: .must(.subjectName)
            case .verb: .must(.one(of: Verb.self))
            case .key: .may(.keyReference)
            }
        }
    }

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
