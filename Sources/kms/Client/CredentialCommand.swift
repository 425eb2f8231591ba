import ArgumentParser

struct CredentialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credential", abstract: "Bearer tokens of subjects. For platform administrators.",
        discussion: """
            Example: kms credential issue alice@example.com --days 90 --network 10.0.0.0/8 --out alice.token
            Example: kms credential revoke 3f62c9a0b1d2e4f5
            """,
        subcommands: [CredentialIssue.self, CredentialList.self, CredentialRevoke.self, CredentialRecover.self])
}

struct CredentialIssue: AsyncParsableCommand {
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

    func run() async throws {
        try await reporting {
            try PrivateFile.requireFree(out)
            let body = Body(project: scope, days: days, networks: networks.isEmpty ? nil : networks)
            let answer: CredentialAnswer = try await options.client().post(
                PathText.subject(subject) + "/credentials", body)
            guard let token = answer.token else { throw Failure(.other, "the service's answer has no token") }
            try Array(token.utf8).withUnsafeBytes { try PrivateFile.create(out, $0) }
            try show(answer)
        }
    }

    @inline(never)
    private func show(_ answer: CredentialAnswer) throws {
        if json {
            return try JSONText.write(
                CredentialAnswer(
                    id: answer.id, subject: answer.subject, project: answer.project, networks: answer.networks,
                    createdAt: answer.createdAt, expiresAt: answer.expiresAt, revokedAt: nil, lastUsedAt: nil,
                    token: nil))
        }
        var sheet = Sheet()
        sheet.add("credential", answer.id)
        sheet.add("subject", answer.subject)
        if let project = answer.project { sheet.add("project", project) }
        if !answer.networks.isEmpty { sheet.add("networks", answer.networks.joined(separator: ", ")) }
        sheet.add("expires", answer.expiresAt ?? "never")
        sheet.add("token", out)
        try StandardOutput.write(sheet.text)
    }
}

struct CredentialList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the credentials of a subject; nothing of their tokens.")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            try list(try await options.client().get(PathText.subject(subject) + "/credentials" + pages.query))
        }
    }

    @inline(never)
    private func list(_ page: CredentialPageAnswer) throws {
        var table = Table("CREDENTIAL", "PROJECT", "NETWORKS", "CREATED", "EXPIRES", "LAST USED", "REVOKED")
        for credential in page.credentials {
            table.add(
                credential.id, credential.project ?? "any",
                credential.networks.isEmpty ? "any" : credential.networks.joined(separator: ","), credential.createdAt,
                credential.expiresAt ?? "never", credential.lastUsedAt ?? "never", credential.revokedAt ?? "-")
        }
        try pages.show(page, as: table, next: page.next, command: "kms credential list \(subject)")
    }
}

struct CredentialRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make a credential worth nothing, from now on.")

    @Argument(help: "The id of the credential.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: CredentialAnswer = try await options.client().delete(PathText.credential(id))
            try StandardOutput.write("credential \(answer.id) of \(answer.subject) revoked\n")
        }
    }
}
