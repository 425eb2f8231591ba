import ArgumentParser
import KMSClient

struct CredentialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential", abstract: "Bearer tokens of subjects. For platform administrators.",
        discussion: """
            Example: kms credential issue alice@example.com --days 90 --network 10.0.0.0/8 --out alice.token
            Example: kms credential revoke 3f62c9a0b1d2e4f5
            """,
        subcommands: [CredentialIssue.self, CredentialList.self, CredentialRevoke.self, CredentialRecover.self])
}

struct CredentialIssue: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issue a bearer token. It is shown once, and the service keeps its hash only.")

    @Argument(help: "The subject.")
    var subject: String

    @Option(help: "Write the token to this new file, with mode 0600.")
    var out: String

    @Option(help: "The only project that it is good for.")
    var scope: String?

    @Option(help: "It expires after so many days, 1 to 3650.")
    var days: Int?

    @Option(name: .customLong("network"), help: "From where it may be used, such as 10.0.0.0/8; may be repeated.")
    var networks: [String] = []

    @Flag(help: "JSON instead of text, without the token.")
    var json = false

    @OptionGroup var options: ApprovedPlatformOptions

    private struct Body: Encodable {
        let project: String?
        let days: Int?
        let networks: [String]?
    }

    func check() throws { try PrivateFile.requireFree(out) }

    func request() -> KMSRequest<CredentialAnswer> {
        KMSRequest(
            .post, APIPath.subject(subject) + "/credentials",
            Body(project: scope, days: days, networks: networks.isEmpty ? nil : networks))
    }

    func show(_ answer: CredentialAnswer) throws {
        guard let token = answer.token else { throw Failure(.other, "the service's answer has no token") }
        try Array(token.utf8).withUnsafeBytes { try PrivateFile.create(out, $0) }
        var shown = answer
        shown.token = nil
        if json { return try JSONText.write(shown) }
        var table = PropertyTable()
        table.add("credential", answer.id)
        table.add("subject", answer.subject)
        table.add("project", ifAny: answer.project)
        if !answer.networks.isEmpty { table.add("networks", answer.networks.joined(separator: ", ")) }
        table.add("expires", answer.expiresAt ?? "never")
        table.add("token", out)
        try StandardOutput.write(table.text)
    }
}

struct CredentialList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the credentials of a subject; nothing of their tokens.")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    var command: String { "kms credential list \(subject)" }

    func request() -> KMSRequest<CredentialPageAnswer> {
        KMSRequest(.get, APIPath.subject(subject) + "/credentials" + pages.query)
    }
}

extension CredentialPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("CREDENTIAL", "PROJECT", "NETWORKS", "CREATED", "EXPIRES", "LAST USED", "REVOKED")
        for credential in credentials {
            table.add(
                credential.id, credential.project ?? "any",
                credential.networks.isEmpty ? "any" : credential.networks.joined(separator: ","), credential.createdAt,
                credential.expiresAt ?? "never", credential.lastUsedAt ?? "never", credential.revokedAt ?? "-")
        }
        return table
    }
}

struct CredentialRevoke: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make a credential worth nothing, from now on.")

    @Argument(help: "The id of the credential.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func request() -> KMSRequest<CredentialAnswer> { KMSRequest(.delete, APIPath.credential(id)) }

    func show(_ answer: CredentialAnswer) throws {
        try StandardOutput.write("credential \(answer.id) of \(answer.subject) revoked\n")
    }
}
