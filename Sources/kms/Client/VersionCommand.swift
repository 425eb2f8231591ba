import ArgumentParser

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show and change one version of a key.",
        discussion: """
            active: encrypts and decrypts. deactivated: decrypts. pendingDestruction: nothing, until the destruction is cancelled. \
            destroyed: nothing, for ever.
            """,
        subcommands: [
            VersionShow.self, VersionUsage.self, VersionActivate.self, VersionDeactivate.self,
            VersionScheduleDestruction.self, VersionCancelDestruction.self, VersionDestroy.self,
        ])
}

/// The arguments that name a version of a key.
struct VersionArguments: ParsableArguments {
    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Argument(help: "The number of the version.")
    var number: UInt32

    var path: String { PathText.version(number, of: key) }
}

struct VersionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a version.")

    @OptionGroup var version: VersionArguments

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let answer: VersionAnswer = try await options.client().get(version.path)
            try KeySheet.show(answer, json: json)
        }
    }
}

struct VersionUsage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show how often a version was used in the last 90 days.")

    @OptionGroup var version: VersionArguments

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let usage: UsageAnswer = try await options.client().get(version.path + "/usage")
            try show(usage)
        }
    }

    @inline(never)
    private func show(_ usage: UsageAnswer) throws {
        if json {
            try JSONText.write(usage)
            return
        }
        var sheet = Sheet()
        sheet.add("encrypted, signed", "\(usage.produced)")
        sheet.add("decrypted, verified", "\(usage.consumed)")
        sheet.add("last used", usage.lastUsedAt ?? "not in \(usage.days) days")
        try StandardOutput.write(sheet.text)
    }
}

struct VersionActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make a deactivated version the default one again.",
        discussion: "The version that was the default one is deactivated in the same step.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", version.path + "/activate", by: try options.client()) }
    }
}

struct VersionDeactivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "End the encrypting of a version; it goes on decrypting.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", version.path + "/deactivate", by: try options.client()) }
    }
}

struct VersionScheduleDestruction: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule-destruction",
        abstract: "End the use of a deactivated version, and destroy it after a while.",
        discussion: "Example: kms version schedule-destruction invoices 1 --days 30 --reason superseded --dry-run")

    @OptionGroup var version: VersionArguments

    @Option(help: "How many days it waits; else what the service is configured for.")
    var days: Int?

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func run() async throws {
        try await reporting {
            try await change.send(
                "POST", version.path + "/schedule-destruction", days: days, by: try options.client())
        }
    }
}

struct VersionCancelDestruction: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-destruction", abstract: "Call a scheduled destruction off.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try await change.send("POST", version.path + "/cancel-destruction", by: try options.client())
        }
    }
}

struct VersionDestroy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Destroy a version whose time has come.",
        discussion: "The service does so by itself; this does it now. What the version has encrypted is lost for ever.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", version.path + "/destroy", by: try options.client()) }
    }
}
