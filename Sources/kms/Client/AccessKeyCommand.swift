import ArgumentParser
import KMSClient

struct AccessKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-key",
        abstract: "Manage access keys for AWS clients.",
        discussion: """
            Requires the platform administrator role.

            Example: eval "$(kms access-key create alice@example.com --days 90)"
            Example: kms access-key create alice@example.com --network 10.0.0.0/8 > aws.env
            Example: kms access-key disable AKIAABCDEFGHIJKLMNOP
            """,
        subcommands: [
            AccessKeyCreate.self, AccessKeyList.self, AccessKeyDisable.self, AccessKeyEnable.self, AccessKeyDelete.self,
        ])
}

struct AccessKeyCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an access key and print its environment.",
        discussion: """
            Prints lines that a shell can evaluate: the id, the secret, the endpoint (the address that this command used) and the region. \
            Details are on standard error. The secret is shown once; the service keeps it only in the token.

            Example: eval "$(kms access-key create alice@example.com --days 90)"
            """)

    @Argument(help: "The subject.")
    var subject: String

    @Option(help: "The account of the access key. [that of the subject's projects, if there is only one]")
    var account: String?

    @Option(help: "Days until the access key expires, 1 to 3650. [it does not expire]")
    var days: Int?

    @Option(
        name: .customLong("network"),
        help: "A network that may use the access key, such as 10.0.0.0/8; may be repeated.")
    var networks: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ApprovedPlatformOptions

    private struct Body: Encodable {
        let account: String?
        let days: Int?
        let networks: [String]?
    }

    func request() -> KMSRequest<AccessKeyAnswer> {
        KMSRequest(
            .post, APIPath.subject(subject) + "/access-keys",
            Body(account: account, days: days, networks: networks.isEmpty ? nil : networks))
    }

    func show(_ answer: AccessKeyAnswer) throws {
        guard let secret = answer.secret else { throw Failure(.other, "the service's answer has no secret") }
        let endpoint = try options.selection().configuration.address.base
        if output.json { return try JSONText.write(IssuedAccessKey(answer, secret: secret, endpoint: endpoint)) }
        var table = PropertyTable()
        table.add("access key", answer.id)
        table.add("subject", answer.subject)
        table.add("account", answer.account)
        if !answer.networks.isEmpty { table.add("networks", answer.networks.joined(separator: ", ")) }
        table.add("expires", .time(answer.expiresAt, else: "never"))
        StandardError.write(table.text(in: .ofStandardOutput(isWide: true)))
        var variables = [
            ("AWS_ACCESS_KEY_ID", answer.id), ("AWS_SECRET_ACCESS_KEY", secret), ("AWS_ENDPOINT_URL_KMS", endpoint),
        ]
        // Some clients read one name, some the other.
        if let region = answer.region {
            variables += [("AWS_DEFAULT_REGION", region), ("AWS_REGION", region)]
        } else {
            StandardError.write("no project of the subject is in the account: set AWS_DEFAULT_REGION yourself\n")
        }
        try StandardOutput.write(variables.map { "export \($0)=\(ShellWord.quoted($1))\n" }.joined())
    }
}

/// A new access key and the address at which it is used.
private struct IssuedAccessKey: Encodable {
    let id: String
    let subject: String
    let account: String
    let status: String
    let networks: [String]
    let createdAt: String
    let expiresAt: String?
    let secret: String
    let region: String?
    let endpoint: String

    init(_ key: AccessKeyAnswer, secret: String, endpoint: String) {
        id = key.id
        subject = key.subject
        account = key.account
        status = key.status
        networks = key.networks
        createdAt = key.createdAt
        expiresAt = key.expiresAt
        self.secret = secret
        region = key.region
        self.endpoint = endpoint
    }
}

struct AccessKeyList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a subject's access keys, without secrets.",
        discussion: "Example: kms access-key list alice@example.com")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<AccessKeyPageAnswer> {
        KMSRequest(.get, APIPath.subject(subject) + "/access-keys" + APIPath.query(page))
    }
}

extension AccessKeyPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("ACCESS KEY", "ACCOUNT", "STATUS", "NETWORKS", "EXPIRES", .wide("CREATED"))
        for key in accessKeys {
            table.add(
                .text(key.id), .text(key.account), .text(key.status),
                key.networks.isEmpty ? .none("any") : .free(key.networks.joined(separator: ",")),
                .time(key.expiresAt, else: "never"), .time(key.createdAt))
        }
        return table
    }
}

struct AccessKeyDisable: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Refuse an access key until it is enabled again.",
        discussion: "Example: kms access-key disable AKIAABCDEFGHIJKLMNOP")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/disable") }

    func summary(_ answer: AccessKeyAnswer) -> String { "Disabled access key \(answer.id) of \(answer.subject)" }
}

struct AccessKeyEnable: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Accept a disabled access key again.",
        discussion: "Example: kms access-key enable AKIAABCDEFGHIJKLMNOP")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ApprovedPlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/enable") }

    func summary(_ answer: AccessKeyAnswer) -> String { "Enabled access key \(answer.id) of \(answer.subject)" }
}

struct AccessKeyDelete: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an access key and erase its secret.",
        discussion: "Example: kms access-key delete AKIAABCDEFGHIJKLMNOP")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.delete, APIPath.accessKey(id)) }

    func summary(_ answer: AccessKeyAnswer) -> String { "Deleted access key \(answer.id) of \(answer.subject)" }

    func loss(by client: KMSClient) -> Loss {
        Loss(description: "If you confirm, access key \(id) is refused at once, and its secret is erased.", name: id)
    }
}
