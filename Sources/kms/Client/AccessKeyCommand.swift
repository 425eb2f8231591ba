import ArgumentParser
import KMSClient

struct AccessKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-key",
        abstract: "Access keys for AWS clients.",
        discussion: """
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
            Standard output has only lines that a shell can evaluate: the id, the secret, the endpoint (the address that this command used) \
            and the region. Details are on standard error. The secret is shown once; the service keeps it only in the token.

            Example: eval "$(kms access-key create alice@example.com --days 90)"
            """)

    @Argument(help: "The subject.")
    var subject: String

    @Option(help: "The account it is valid in. Optional if all projects of the subject are in one account.")
    var account: String?

    @Option(help: "The days until it expires, 1 to 3650. [default: never]")
    var days: Int?

    @Option(
        name: .customLong("network"),
        help: "A network it may be used from, such as 10.0.0.0/8; repeatable. [default: any]")
    var networks: [String] = []

    @Flag(help: "JSON instead of text, with the secret.")
    var json = false

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
        let endpoint = try options.connection.configuration().address.base
        if json { return try JSONText.write(IssuedAccessKey(answer, secret: secret, endpoint: endpoint)) }
        var table = PropertyTable()
        table.add("access key", answer.id)
        table.add("subject", answer.subject)
        table.add("account", answer.account)
        if !answer.networks.isEmpty { table.add("networks", answer.networks.joined(separator: ", ")) }
        table.add("expires", answer.expiresAt ?? "never")
        StandardError.write(table.text)
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
        commandName: "list", abstract: "List the access keys of a subject, without secrets.")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms access-key list \(subject)" }

    func request() -> KMSRequest<AccessKeyPageAnswer> {
        KMSRequest(.get, APIPath.subject(subject) + "/access-keys" + pages.query)
    }
}

extension AccessKeyPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("ACCESS KEY", "ACCOUNT", "STATUS", "NETWORKS", "CREATED", "EXPIRES")
        for key in accessKeys {
            table.add(
                key.id, key.account, key.status, key.networks.isEmpty ? "any" : key.networks.joined(separator: ","),
                key.createdAt, key.expiresAt ?? "never")
        }
        return table
    }
}

struct AccessKeyDisable: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable an access key.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/disable") }

    func show(_ answer: AccessKeyAnswer) throws {
        try StandardOutput.write("access key \(answer.id) of \(answer.subject) disabled\n")
    }
}

struct AccessKeyEnable: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enable a disabled access key.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: ApprovedPlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/enable") }

    func show(_ answer: AccessKeyAnswer) throws {
        try StandardOutput.write("access key \(answer.id) of \(answer.subject) enabled\n")
    }
}

struct AccessKeyDelete: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an access key and its secret.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.delete, APIPath.accessKey(id)) }

    func show(_ answer: AccessKeyAnswer) throws {
        try StandardOutput.write("access key \(answer.id) of \(answer.subject) deleted\n")
    }
}
