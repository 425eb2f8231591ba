import ArgumentParser
import KMSClient

struct CredentialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential", abstract: "Issue, list and revoke bearer tokens.",
        discussion: """
            Requires the platform administrator role.

            Example: kms credential issue alice@example.com --days 90 \\
                --network 10.0.0.0/8 --out alice.token
            Example: kms credential revoke 3f62c9a0b1d2e4f5
            """,
        subcommands: [CredentialIssue.self, CredentialList.self, CredentialRevoke.self, CredentialRecover.self])
}

struct CredentialIssue: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issue a bearer token to a subject.",
        discussion: """
            The token is written to a file and cannot be shown again: the service keeps only its hash.

            Example: kms credential issue alice@example.com --days 90 --out alice.token
            """)

    @Argument(help: "The subject.")
    var subject: String

    @Option(help: "Write the token to this new file, with mode 0600.")
    var out: String

    @Option(help: "The only project in which the token is valid. [every project]")
    var project: String?

    // The earlier name of --project.
    @Option(help: .hidden)
    var scope: String?

    @Option(help: "Days until the token expires, 1 to 3650. [it does not expire]")
    var days: Int?

    @Option(
        name: .customLong("network"), help: "A network that may use the token, such as 10.0.0.0/8; may be repeated.")
    var networks: [String] = []

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ApprovedPlatformOptions

    private struct Body: Encodable {
        let project: String?
        let days: Int?
        let networks: [String]?
    }

    func check() throws { try PrivateFile.requireFree(out) }

    func request() -> KMSRequest<CredentialAnswer> {
        if scope != nil { RenamedOption.note("--scope", "--project") }
        return KMSRequest(
            .post, APIPath.subject(subject) + "/credentials",
            Body(project: project ?? scope, days: days, networks: networks.isEmpty ? nil : networks))
    }

    func show(_ answer: CredentialAnswer) throws {
        guard let token = answer.token else { throw Failure(.other, "the service's answer has no token") }
        try Array(token.utf8).withUnsafeBytes { try PrivateFile.create(out, $0) }
        var shown = answer
        shown.token = nil
        try view.output.show(shown, as: text(of: shown))
    }

    private func text(of answer: CredentialAnswer) -> String {
        guard view.wide else {
            let expiry = answer.expiresAt.map { ", expires " + Cell.time($0).plain(in: view.style) } ?? ""
            return DisplayText.safe("Issued credential \(answer.id) to \(answer.subject)\(expiry); token in \(out)")
                + "\n"
        }
        var table = PropertyTable()
        table.add("credential", answer.id)
        table.add("subject", answer.subject)
        table.add("project", ifAny: answer.project)
        if !answer.networks.isEmpty { table.add("networks", answer.networks.joined(separator: ", ")) }
        table.add("expires", .time(answer.expiresAt, else: "never"))
        table.add("token", out)
        return table.text(in: view.style)
    }
}

struct CredentialList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the credentials of a subject, without tokens.",
        discussion: "Example: kms credential list alice@example.com")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func request(_ page: ListPage) -> KMSRequest<CredentialPageAnswer> {
        KMSRequest(.get, APIPath.subject(subject) + "/credentials" + APIPath.query(page))
    }
}

extension CredentialPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("CREDENTIAL", "PROJECT", "NETWORKS", "EXPIRES", "LAST USED", "REVOKED", .wide("CREATED"))
        for credential in credentials {
            table.add(
                .text(credential.id), .text(credential.project, else: "any"),
                credential.networks.isEmpty ? .none("any") : .free(credential.networks.joined(separator: ",")),
                .time(credential.expiresAt, else: "never"), .time(credential.lastUsedAt, else: "never"),
                .time(credential.revokedAt, else: "-"), .time(credential.createdAt))
        }
        return table
    }
}

struct CredentialRevoke: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a credential at once.",
        discussion: "Example: kms credential revoke 3f62c9a0b1d2e4f5")

    @Argument(help: "The id of the credential.")
    var id: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<CredentialAnswer> { KMSRequest(.delete, APIPath.credential(id)) }

    func summary(_ answer: CredentialAnswer) -> String { "Revoked credential \(answer.id) of \(answer.subject)" }

    func loss(by client: KMSClient) -> Loss {
        Loss(description: "If you confirm, credential \(id) is refused at once, wherever it is in use.", name: id)
    }
}
