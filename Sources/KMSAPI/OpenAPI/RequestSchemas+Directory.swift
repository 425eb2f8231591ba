import KeyManagement

extension Schema {
    static let subjectName = Schema.text(Patterns.subject)
    static let projectName = Schema.text(Patterns.name)
    static let role = Schema.one(of: Role.self)
    static let account = Schema.text(Patterns.account)
    static let region = Schema.text(Patterns.region)
}

/// The bodies of access and of the directory.
extension RequestSchema {
    static let keyAccess = RequestSchema(
        "KeyAccess", KeyAccessBody.self,
        [
            .must("accessControl", .flag),
            .may("subjects", .list(of: .subjectName, atMost: AccessList.most)),
            .may("groups", .list(of: .subjectName, atMost: AccessList.most)), .may("dryRun", .dryRun),
        ], "Whom the list has; with `accessControl: false` nobody stands in it."
    ).with("if", ["properties": ["accessControl": ["const": false]]])
        .with("then", ["properties": ["subjects": ["maxItems": 0], "groups": ["maxItems": 0]]])
    private static let party = Schema.text("^(?:\\*|subject:.{1,128}|group:.{1,128})$")
    static let grant = RequestSchema(
        "NewGrant", GrantBody.self,
        [
            .must("grantee", party),
            .must(
                "actions",
                .list(of: .one(of: KeyAction.grantable.map(\.rawValue).sorted())).with("minItems", 1)),
            .may("retiring", party),
            .may("name", .text), .may("context", .context), .may("allowsMoreContext", .flag),
        ])
    static let keyOwner = RequestSchema(
        "KeyOwner", KeyOwnerBody.self, [.must("owner", .subjectName), .may("dryRun", .dryRun)])
    static let explain = RequestSchema(
        "Explain", ExplainBody.self,
        [.must("subject", .subjectName), .must("verb", .one(of: Verb.self)), .may("key", .keyReference)])

    private static let location: [Property] = [.may("account", .account), .may("region", .region)]
    static let createProject = RequestSchema(
        "CreateProject", CreateProjectBody.self,
        [.must("name", .projectName), .may("description", .description)] + location,
        "Where it is for clients of AWS; what is left out is chosen.")
    static let updateProject = RequestSchema(
        "UpdateProject", UpdateProjectBody.self, [.may("description", .description)] + location,
        "Where it is can be said once, and never changes."
    ).with("minProperties", 1)
        .with("dependentRequired", ["account": ["region"], "region": ["account"]])
    static let namedGroup = RequestSchema(
        "Group", NamedBody.self, [.must("name", .subjectName), .may("description", .description)])
    static let description = RequestSchema(
        "Description", DescriptionBody.self, [.must("description", .description)])
    static let role = RequestSchema("Role", RoleBody.self, [.must("role", .role)])
    static let createSubject = RequestSchema(
        "CreateSubject", CreateSubjectBody.self,
        [
            .must("name", .subjectName), .may("kind", .one(of: SubjectKind.names)),
            .may("service", .text(Patterns.service)), .may("description", .description), .may("administrator", .flag),
        ], "`service` goes with the kind `serviceAgent`, which needs it."
    ).with("if", ["properties": ["kind": ["const": "serviceAgent"]], "required": ["kind"]])
        .with("then", ["required": ["service"]])
        .with("else", ["not": ["required": ["service"]]])
    static let updateSubject = RequestSchema(
        "UpdateSubject", UpdateSubjectBody.self,
        [.may("description", .description), .may("enabled", .flag), .may("administrator", .flag)]
    ).with("minProperties", 1)
    static let credential = RequestSchema(
        "Credential", CredentialBody.self,
        [
            .may("project", .projectName), .may("days", .number(1...CredentialRequest.longestLifetime)), networks,
        ])
    static let accessKey = RequestSchema(
        "AccessKey", AccessKeyBody.self,
        [.may("account", .account), .may("days", .number(1...CredentialRequest.longestLifetime)), networks],
        "Without `account`, it is the only one in whose projects the subject has a role.")

    private static let networks = Property.may(
        "networks",
        .list(
            of: .text(length: 2...64).described("`192.0.2.0/24`, `2001:db8::/32` or one address."),
            atMost: CredentialRecord.mostNetworks))
}
