import HTTPTypes
import JSONText
import KeyManagement

/// The endpoints of access keys, with which AWS clients sign.
extension EndpointGroup {
    static let accessKeys = EndpointGroup(
        "access-keys", "Access keys of subjects, with which AWS clients sign requests.",
        [.listAccessKeys, .createAccessKey, .disableAccessKey, .enableAccessKey, .deleteAccessKey])
}

extension Endpoint {
    fileprivate static let listAccessKeys = Endpoint(
        list: "subjects/{subject}/access-keys", "listAccessKeys", "Lists the access keys of a subject",
        guide: .listAccessKeys,
        verb: .readCredentials, answer: Answers.page("accessKeys", of: Answers.accessKey, capacity: 384),
        message: "access keys of the subject", failures: [.subjectNotFound]
    ) { request, query in
        try await request.service.listAccessKeys(
            of: request.subject(), after: query.cursor, limit: query.limit, by: request.principal)
    }

    fileprivate static let createAccessKey = Endpoint(
        .post, "subjects/{subject}/access-keys", "createAccessKey", "Creates an access key for a subject",
        guide: .createAccessKey,
        verb: .issueCredential, body: AccessKeyBody.self, answer: Answers.issuedAccessKey, status: .created,
        message: "access key created", failures: FailureCode.ofGuarded.union([.subjectNotFound, .unsupported])
    ) { request in
        let id = try request.subject()
        let body = try await request.body()
        return try await request.service.createAccessKey(for: id, body.request, by: request.principal)
    }

    fileprivate static let disableAccessKey = Endpoint(
        .post, "access-keys/{accessKey}/disable", "disableAccessKey", "Disables an access key",
        guide: .disableAccessKey,
        verb: .revokeCredential, answer: Answers.accessKey, message: "access key disabled",
        failures: [.accessKeyNotFound, .conflict, .stateForbids]
    ) { request in
        try await request.service.setAccessKeyStatus(request.accessKey(), enabled: false, by: request.principal)
    }

    fileprivate static let enableAccessKey = Endpoint(
        .post, "access-keys/{accessKey}/enable", "enableAccessKey", "Enables a disabled access key",
        guide: .enableAccessKey,
        verb: .issueCredential, answer: Answers.accessKey, message: "access key enabled",
        failures: FailureCode.ofGuarded.union([.accessKeyNotFound, .stateForbids])
    ) { request in
        try await request.service.setAccessKeyStatus(request.accessKey(), enabled: true, by: request.principal)
    }

    fileprivate static let deleteAccessKey = Endpoint(
        .delete, "access-keys/{accessKey}", "deleteAccessKey", "Deletes an access key", guide: .deleteAccessKey,
        verb: .revokeCredential, answer: Answers.accessKey, message: "access key deleted",
        failures: [.accessKeyNotFound, .conflict]
    ) { request in
        try await request.service.deleteAccessKey(request.accessKey(), by: request.principal)
    }
}

extension PathParameter {
    static let accessKey = PathParameter("accessKey", "The id of an access key.", .accessKeyID)
}

extension EndpointRequest {
    /// Returns the access key that the path names.
    fileprivate func accessKey() throws(KMSError) -> AccessKeyID {
        guard let id = AccessKeyID(try text(.accessKey, "the access key in the path")) else {
            throw .invalidRequest("the access key in the path is not an id: AKIA and 16 of A-Z and 2-7")
        }
        return id
    }
}

extension Answers {
    private static let accessKeyFields: [Property] = [
        .must("id", .accessKeyID), .must("subject", .subjectName), .must("account", .account),
        .must("status", .one(of: DirectoryStatus.self)), .must("networks", .names), .must("createdAt", .time),
        .must("expiresAt", Schema.time.orNull),
    ]

    /// An access key, without its secret.
    fileprivate static let accessKey = Answer<AccessKeyRecord>("AccessKey", accessKeyFields) { writer, key in
        writer.field("id", key.id.text)
        writer.field("subject", key.subject.text)
        writer.field("account", key.account.text)
        writer.field("status", key.status.rawValue)
        writer.field("networks", key.networks.map(\.description))
        writer.field("createdAt", key.createdAt.description)
        writer.field("expiresAt", optional: key.expiresAt?.description)
    }

    /// A new access key: the only answer with its secret.
    fileprivate static let issuedAccessKey = Answer<IssuedAccessKey>(
        "IssuedAccessKey",
        accessKeyFields + [
            .must("secret", Schema.text.described("The secret access key. Only this answer contains it.")),
            .must(
                "region", Schema.region.orNull.described("The region of one of the subject's projects in the account.")),
        ]
    ) { writer, issued in
        accessKey.write(&writer, issued.record)
        issued.secret.withText { writer.field("secret", String(decoding: $0, as: UTF8.self)) }
        writer.field("region", optional: issued.region?.text)
    }
}

/// The body of `POST subjects/{subject}/access-keys`. The body and all of its fields are optional.
struct AccessKeyBody: FieldBody {
    var request = AccessKeyRequest()

    static let name = "AccessKey"
    static let example: DocumentValue = ["account": "111122223333", "days": 90]
    static var absent: AccessKeyBody? { AccessKeyBody() }
    static var note: String? { "`account` defaults to the only account in whose projects the subject has a role." }

    enum Field: String, DescribedFields {
        case account, days, networks

        var shape: FieldShape {
            switch self {
            case .account: .may(.account)
            case .days: .may(.number(1...CredentialRequest.maxLifetimeDays))
            case .networks: .may(.networks)
            }
        }
    }

    init() {}

    init(_ reader: inout JSONReader) throws(KMSError) {
        var request = AccessKeyRequest()
        try reader.object(of: Field.self) { (reader, field) throws(KMSError) in
            let path = FieldPath(field)
            switch field {
            case .account: request.account = try AccountNumber(try reader.text(path))
            case .days: request.days = try reader.wholeNumber(path)
            case .networks: request.networks = try reader.networks(path)
            }
        }
        self.request = request
    }
}
