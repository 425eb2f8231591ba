import KeyManagement

extension DataSchemas {
    static let ofDirectory = [
        project, subject, group, roleAssignment, grantedRole, revokedRole, credential, listedCredential,
        issuedCredential, accessKey, issuedAccessKey, whoAmI, checkpoint, status,
    ]

    private static let times: [Property] = [
        .must("createdAt", .time), .must("changedAt", .time), .must("revision", revision),
    ]
    private static let roles = Schema.pairs(of: .role).described("The role in each project.")

    static let project = NamedSchema(
        "Project",
        [
            .must("name", .projectName), .must("description", .text), .must("account", Schema.account.orNull),
            .must("region", Schema.region.orNull),
        ] + times)
    static let subject = NamedSchema(
        "Subject",
        [
            .must("name", .subjectName), .must("kind", .one(of: SubjectKind.names)),
            .may("service", .text(Patterns.service)), .must("description", .text), .must("enabled", .flag),
            .must("administrator", .flag), .must("groups", names), .must("roles", roles),
        ] + times)
    static let group = NamedSchema(
        "Group", [.must("name", .subjectName), .must("description", .text), .must("roles", roles)] + times)

    /// The role of a subject or of a group; exactly one of the two is present.
    private static let assignment: [Property] = [
        .may("subject", .subjectName), .may("group", .subjectName), .must("role", .role),
    ]
    static let roleAssignment = NamedSchema("RoleAssignment", assignment)
    static let grantedRole = NamedSchema("GrantedRole", [.must("project", .projectName)] + assignment)
    static let revokedRole = NamedSchema("RevokedRole", [.must("project", .projectName)])

    private static let credentialFields: [Property] = [
        .must("id", .text(Patterns.credential)), .must("subject", .subjectName),
        .must("project", Schema.projectName.orNull), .must("networks", names), .must("createdAt", .time),
        .must("expiresAt", Schema.time.orNull), .must("revokedAt", Schema.time.orNull),
    ]
    static let credential = NamedSchema("Credential", credentialFields)
    static let listedCredential = NamedSchema(
        "ListedCredential", credentialFields + [.must("lastUsedAt", Schema.time.orNull)])
    static let issuedCredential = NamedSchema(
        "IssuedCredential",
        credentialFields + [
            .must("token", Schema.text.described("The bearer token. It is told once, and nowhere else."))
        ])

    private static let accessKeyFields: [Property] = [
        .must("id", .text(Patterns.accessKey)), .must("subject", .subjectName), .must("account", .account),
        .must("status", .one(of: DirectoryStatus.self)), .must("networks", names), .must("createdAt", .time),
        .must("expiresAt", Schema.time.orNull),
    ]
    static let accessKey = NamedSchema("AccessKey", accessKeyFields)
    static let issuedAccessKey = NamedSchema(
        "IssuedAccessKey",
        accessKeyFields + [
            .must("secret", Schema.text.described("The secret access key. It is told once, and nowhere else.")),
            .must("region", Schema.region.orNull.described("Where one of the subject's projects is in the account.")),
        ])

    static let checkpoint = NamedSchema(
        "Checkpoint",
        [
            .must("checkpoint", Schema.text.orNull.described("A line of the audit log, as it stands there.")),
            .must("publicKey", Schema.base64().orNull.described("DER of the audit key's SubjectPublicKeyInfo.")),
        ])
    static let whoAmI = NamedSchema(
        "WhoAmI",
        [
            .must("subject", .subjectName), .must("kind", .one(of: SubjectKind.names + ["system"])),
            .may("service", .text(Patterns.service)), .must("administrator", .flag),
            .must("project", Schema.projectName.orNull), .must("role", Schema.role.orNull), .must("roles", roles),
            .must("groups", names), .must("authentication", Schema.text.orNull), .must("source", Schema.text.orNull),
        ])
    static let status = NamedSchema(
        "Status",
        [
            .must("status", .one(of: ["alive", "ready"])),
            .may(
                "degraded",
                Schema.text.described(
                    "The reason why the service works and still wants attention: log lines are being lost, say.")),
        ])
}
