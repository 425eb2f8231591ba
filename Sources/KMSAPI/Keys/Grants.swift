import Encodings
import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let listGrants = Endpoint(
        .get, "keys/{key}/grants", "listGrants", "Lists the grants of a key", guide: .listGrants, verb: .listGrants,
        answer: Answers.grants, message: "grants of the key", failures: [.keyNotFound]
    ) { request in
        try await request.service.listGrants(of: request.key(), by: request.caller).grants
    }

    static let createGrant = Endpoint(
        .post, "keys/{key}/grants", "createGrant", "Grants a subject or group some operations on a key",
        guide: .createGrant,
        verb: .createGrant,
        body: GrantBody.self, answer: Answers.grant, status: .created, message: "grant made",
        failures: [.keyNotFound, .subjectNotFound, .groupNotFound, .limitReached, .conflict]
    ) { request in
        let key = try request.key()
        let body = try await request.body()
        return try await request.service.createGrant(body.request, on: key, by: request.caller).grant
    }

    static let revokeGrant = Endpoint(
        .delete, "keys/{key}/grants/{grant}", "revokeGrant", "Revokes a grant", guide: .revokeGrant, verb: .revokeGrant,
        answer: Answers.revokedGrant, message: "grant revoked", failures: [.keyNotFound, .grantNotFound, .conflict]
    ) { request in
        let key = try request.key()
        let id = try request.grant()
        try await request.service.revokeGrant(id, of: key, by: request.caller)
        return id
    }
}

extension PathParameter {
    static let grant = PathParameter(
        "grant", "The id of a grant.", .text(Patterns.grant).example(.text(String(repeating: "0a", count: 32))))
}

extension EndpointRequest {
    /// Returns the grant that the path names.
    fileprivate func grant() throws(KMSError) -> GrantID {
        let text = try text(.grant, "the grant in the path")
        guard let id = Hexadecimal.bytes(text).flatMap({ GrantID(bytes: $0) }) else {
            throw .invalidRequest("the grant in the path is not an id of 64 hexadecimal digits")
        }
        return id
    }
}

extension Answers {
    fileprivate static let grant = Answer<Grant>(
        "Grant",
        [
            .must("id", .hex), .must("name", .text), .must("grantee", .text), .must("retiring", Schema.text.orNull),
            .must("actions", .list(of: .one(of: KeyAction.self))), .must("context", Schema.pairs(of: .text).orNull),
            .must("allowsMoreContext", .flag), .must("issuer", .subjectName), .must("createdAt", .time),
        ], capacity: { _ in 1024 }
    ) { writer, grant in
        writer.field("id", grant.id.description)
        writer.field("name", grant.name)
        writer.field("grantee", grant.grantee.text)
        writer.field("retiring", optional: grant.retiring?.text)
        writer.field("actions", grant.actions.map(\.rawValue).sorted())
        switch grant.constraint {
        case nil:
            writer.null("context")
            writer.field("allowsMoreContext", false)
        case .equals(let context):
            writer.field("context", context.sorted)
            writer.field("allowsMoreContext", false)
        case .includes(let context):
            writer.field("context", context.sorted)
            writer.field("allowsMoreContext", true)
        }
        writer.field("issuer", grant.issuer.text)
        writer.field("createdAt", grant.createdAt.description)
    }

    fileprivate static let grants = list("grants", of: grant, capacity: 600, as: "Grants")

    fileprivate static let revokedGrant = Answer<GrantID>("RevokedGrant", [.must("id", .hex)]) {
        $0.field("id", $1.description)
    }
}

/// The body of `POST keys/{key}/grants`.
struct GrantBody: FieldBody {
    let request: GrantRequest

    static let name = "NewGrant"
    static let example: DocumentValue = ["grantee": "subject:alice@example.com", "actions": ["decrypt"]]

    enum Field: String, DescribedFields {
        case grantee, actions, retiring, name, context, allowsMoreContext

        var shape: FieldShape {
            switch self {
            case .grantee: .must(Self.party)
            case .actions:
                .must(
                    .list(of: .one(of: KeyAction.grantable.map(\.rawValue).sorted())).with("minItems", 1))
            case .retiring: .may(Self.party)
            case .name: .may(.text)
            case .context: .may(.context)
            case .allowsMoreContext: .may(.flag)
            }
        }

        private static let party = Schema.text("^(?:\\*|subject:.{1,128}|group:.{1,128})$")
    }

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
