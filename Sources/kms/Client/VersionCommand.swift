import ArgumentParser
import KMSClient

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
    @OptionGroup var key: KeyArgument

    @Argument(help: "The number of the version.")
    var number: UInt32

    var path: String { APIPath.version(number, of: key.reference) }
}

struct VersionShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a version.")

    @OptionGroup var version: VersionArguments

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<VersionAnswer> { KMSRequest(.get, version.path) }
}

struct VersionUsage: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show how often a version was used in the last 90 days.")

    @OptionGroup var version: VersionArguments

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<UsageAnswer> { KMSRequest(.get, version.path + "/usage") }
}

extension UsageAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("encrypted, signed", "\(produced)")
        table.add("decrypted, verified", "\(consumed)")
        table.add("last used", lastUsedAt ?? "not in \(days) days")
        return table.text
    }
}

struct VersionActivate: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make a deactivated version the default one again.",
        discussion: "The version that was the default one is deactivated in the same step.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { version.path + "/activate" }
}

struct VersionDeactivate: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate", abstract: "End the encrypting of a version; it goes on decrypting.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { version.path + "/deactivate" }
}

struct VersionScheduleDestruction: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule-destruction",
        abstract: "End the use of a deactivated version, and destroy it after a while.",
        discussion: "Example: kms version schedule-destruction invoices 1 --days 30 --reason superseded --dry-run")

    @OptionGroup var version: VersionArguments

    @Option(help: "How many days it waits; else what the service is configured for.")
    var days: Int?

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    var path: String { version.path + "/schedule-destruction" }
}

struct VersionCancelDestruction: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-destruction", abstract: "Call a scheduled destruction off.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { version.path + "/cancel-destruction" }
}

struct VersionDestroy: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Destroy a version whose time has come.",
        discussion: "The service does so by itself; this does it now. What the version has encrypted is lost for ever.")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    var path: String { version.path + "/destroy" }
}
