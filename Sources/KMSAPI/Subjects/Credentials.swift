import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let listCredentials = Endpoint(
        list: "subjects/{subject}/credentials", "listCredentials", "Lists the credentials of a subject",
        guide: .listCredentials,
        verb: .readCredentials, answer: Answers.page("credentials", of: Answers.listedCredential, capacity: 384),
        message: "credentials of the subject", failures: [.subjectNotFound]
    ) { request, query in
        try await request.service.listCredentials(
            of: request.subject(), after: query.cursor, limit: query.limit, by: request.principal)
    }

    static let issueCredential = Endpoint(
        .post, "subjects/{subject}/credentials", "issueCredential", "Issues a credential for a subject",
        guide: .issueCredential,
        verb: .issueCredential, body: CredentialBody.self, answer: Answers.issuedCredential, status: .created,
        message: "credential issued",
        failures: FailureCode.ofGuarded.union([.subjectNotFound, .projectNotFound, .nameTaken])
    ) { request in
        let id = try request.subject()
        let body = try await request.body()
        return try await request.service.issueCredential(for: id, body.request, by: request.principal)
    }

    static let revokeCredential = Endpoint(
        .delete, "credentials/{credential}", "revokeCredential", "Revokes a credential", guide: .revokeCredential,
        verb: .revokeCredential, answer: Answers.credential, message: "credential revoked",
        failures: [.credentialNotFound, .conflict]
    ) { request in
        try await request.service.revokeCredential(request.credential(), by: request.principal)
    }
}

extension PathParameter {
    static let credential = PathParameter("credential", "The id of a credential.", .shortID)
}

extension EndpointRequest {
    /// Returns the credential that the path names.
    fileprivate func credential() throws(KMSError) -> CredentialID {
        guard let id = CredentialID(try text(.credential, "the credential in the path")) else {
            throw .invalidRequest("the credential in the path is not an id: 16 hexadecimal digits")
        }
        return id
    }
}

extension Answers {
    private static let credentialFields: [Property] = [
        .must("id", .shortID), .must("subject", .subjectName), .must("project", Schema.projectName.orNull),
        .must("networks", .names), .must("createdAt", .time), .must("expiresAt", Schema.time.orNull),
        .must("revokedAt", Schema.time.orNull),
    ]

    /// A credential, without its token.
    fileprivate static let credential = Answer<CredentialRecord>("Credential", credentialFields) {
        writer, credential in
        writer.field("id", credential.id.text)
        writer.field("subject", credential.subject.text)
        writer.field("project", optional: credential.project?.text)
        writer.field("networks", credential.networks.map(\.description))
        writer.field("createdAt", credential.createdAt.description)
        writer.field("expiresAt", optional: credential.expiresAt?.description)
        writer.field("revokedAt", optional: credential.revokedAt?.description)
    }

    fileprivate static let listedCredential = Answer<ListedCredential>(
        "ListedCredential", credentialFields + [.must("lastUsedAt", Schema.time.orNull)]
    ) { writer, listed in
        credential.write(&writer, listed.record)
        writer.field("lastUsedAt", optional: listed.lastUsedAt?.description)
    }

    /// A new credential: the only answer with its token.
    fileprivate static let issuedCredential = Answer<IssuedCredential>(
        "IssuedCredential",
        credentialFields + [
            .must("token", Schema.text.described("The bearer token. Only this answer contains it."))
        ]
    ) { writer, issued in
        credential.write(&writer, issued.record)
        issued.token.withText { writer.field("token", String(decoding: $0, as: UTF8.self)) }
    }
}

/// The body of `POST subjects/{subject}/credentials`. The body and all of its fields are optional.
struct CredentialBody: FieldBody {
    var request = CredentialRequest()

    static let name = "Credential"
    static let example: DocumentValue = ["project": "default", "days": 90, "networks": ["192.0.2.0/24"]]
    static var absent: CredentialBody? { CredentialBody() }

    enum Field: String, DescribedFields {
        case project, days, networks

        var shape: FieldShape {
            switch self {
            case .project: .may(.projectName)
            case .days: .may(.number(1...CredentialRequest.maxLifetimeDays))
            case .networks: .may(.networks)
            }
        }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var request = CredentialRequest()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .project: request.project = try ProjectID(try reader.text(path))
            case .days: request.days = try reader.wholeNumber(path)
            case .networks: request.networks = try reader.networks(path)
            }
        }
        self.request = request
    }
}

extension JSONReader {
    /// Reads the networks from which a credential is accepted.
    mutating func networks(_ path: FieldPath) throws(KMSError) -> [Network] {
        try list(path, atMost: CredentialRecord.maxNetworks) { (reader) throws(KMSError) in
            try Network(try reader.text(path))
        }
    }
}
