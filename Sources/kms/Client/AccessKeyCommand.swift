import ArgumentParser

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

struct AccessKeyCreate: AsyncParsableCommand {
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

    func run() async throws {
        try await reporting {
            let body = Body(account: account, days: days, networks: networks.isEmpty ? nil : networks)
            try show(try await options.client().post(PathText.subject(subject) + "/access-keys", body))
        }
    }

    @inline(never)
    private func show(_ answer: AccessKeyAnswer) throws {
        guard let secret = answer.secret else { throw Failure(.other, "the service's answer has no secret") }
        if json { return try JSONText.write(answer) }
        var sheet = Sheet()
        sheet.add("access key", answer.id)
        sheet.add("subject", answer.subject)
        sheet.add("account", answer.account)
        if !answer.networks.isEmpty { sheet.add("networks", answer.networks.joined(separator: ", ")) }
        sheet.add("expires", answer.expiresAt ?? "never")
        var text = sheet.text + "\n"
        text += "export AWS_ACCESS_KEY_ID=\(answer.id)\n"
        text += "export AWS_SECRET_ACCESS_KEY=\(secret)\n"
        if let region = answer.region { text += "export AWS_DEFAULT_REGION=\(region)\n" }
        try StandardOutput.write(text)
    }
}

struct AccessKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the access keys of a subject; nothing of their secrets.")

    @Argument(help: "The subject.")
    var subject: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            try list(try await options.client().get(PathText.subject(subject) + "/access-keys" + pages.query))
        }
    }

    @inline(never)
    private func list(_ page: AccessKeyPageAnswer) throws {
        var table = Table("ACCESS KEY", "ACCOUNT", "STATUS", "NETWORKS", "CREATED", "EXPIRES")
        for key in page.accessKeys {
            table.add(
                key.id, key.account, key.status, key.networks.isEmpty ? "any" : key.networks.joined(separator: ","),
                key.createdAt, key.expiresAt ?? "never")
        }
        try pages.show(page, as: table, next: page.next, command: "kms access-key list \(subject)")
    }
}

struct AccessKeyDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Make an access key worth nothing for now.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: AccessKeyAnswer = try await options.client().post(PathText.accessKey(id) + "/disable")
            try StandardOutput.write("access key \(answer.id) of \(answer.subject) disabled\n")
        }
    }
}

struct AccessKeyEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Make an access key that was disabled worth something again.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: ApprovedPlatformOptions

    func run() async throws {
        try await reporting {
            let answer: AccessKeyAnswer = try await options.client().post(PathText.accessKey(id) + "/enable")
            try StandardOutput.write("access key \(answer.id) of \(answer.subject) enabled\n")
        }
    }
}

struct AccessKeyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Make an access key worth nothing, from now on: its secret is dropped.")

    @Argument(help: "The id of the access key.")
    var id: String

    @OptionGroup var options: PlatformOptions

    func run() async throws {
        try await reporting {
            let answer: AccessKeyAnswer = try await options.client().delete(PathText.accessKey(id))
            try StandardOutput.write("access key \(answer.id) of \(answer.subject) deleted\n")
        }
    }
}
