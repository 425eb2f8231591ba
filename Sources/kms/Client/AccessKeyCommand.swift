import ArgumentParser
import KMSClient

struct AccessKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-key",
        abstract: "Access keys of subjects, for clients of AWS. For platform administrators.",
        discussion: """
            Example: kms access-key create alice@example.com --days 90 --network 10.0.0.0/8
            Example: kms access-key disable AKIAABCDEFGHIJKLMNOP
            """,
        subcommands: [
            AccessKeyCreate.self, AccessKeyList.self, AccessKeyDisable.self, AccessKeyEnable.self, AccessKeyDelete.self,
        ])
}

struct AccessKeyCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an access key. Its secret is shown once, and is in the token only from then on.")

    @Argument(help: "The subject.")
    var subject: String

    @Option(help: "The account in whose projects it is good. Not needed where the subject's projects are of one.")
    var account: String?

    @Option(help: "It expires after so many days, 1 to 3650.")
    var days: Int?

    @Option(name: .customLong("network"), help: "From where it may be used, such as 10.0.0.0/8; may be repeated.")
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
        if json { return try JSONText.write(answer) }
        var table = PropertyTable()
        table.add("access key", answer.id)
        table.add("subject", answer.subject)
        table.add("account", answer.account)
        if !answer.networks.isEmpty { table.add("networks", answer.networks.joined(separator: ", ")) }
        table.add("expires", .time(answer.expiresAt, else: "never"))
        var text = table.text(in: .ofStandardOutput(isWide: true)) + "\n"
        text += "export AWS_ACCESS_KEY_ID=\(answer.id)\n"
        text += "export AWS_SECRET_ACCESS_KEY=\(secret)\n"
        if let region = answer.region { text += "export AWS_DEFAULT_REGION=\(region)\n" }
        try StandardOutput.write(text)
    }
}

struct AccessKeyList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the access keys of a subject; nothing of their secrets.")

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
        commandName: "disable", abstract: "Make an access key worth nothing for now.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/disable") }

    func summary(_ answer: AccessKeyAnswer) -> String { "Disabled access key \(answer.id) of \(answer.subject)" }
}

struct AccessKeyEnable: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Make an access key that was disabled worth something again.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ApprovedPlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.post, APIPath.accessKey(id) + "/enable") }

    func summary(_ answer: AccessKeyAnswer) -> String { "Enabled access key \(answer.id) of \(answer.subject)" }
}

struct AccessKeyDelete: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Make an access key worth nothing, from now on: its secret is dropped.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<AccessKeyAnswer> { KMSRequest(.delete, APIPath.accessKey(id)) }

    func summary(_ answer: AccessKeyAnswer) -> String { "Deleted access key \(answer.id) of \(answer.subject)" }

    func loss(by client: KMSClient) -> Loss {
        Loss(description: "Access key \(id) is refused from now on. Its secret is erased.", name: id)
    }
}
