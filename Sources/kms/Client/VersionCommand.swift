import ArgumentParser
import KMSClient

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "List, show and change versions of a key.",
        discussion: """
            active: encrypts and decrypts. deactivated: decrypts only. pendingDestruction: cannot be used until the destruction is \
            cancelled. destroyed: erased.
            """,
        subcommands: [
            VersionList.self, VersionShow.self, VersionUsage.self, VersionActivate.self, VersionDeactivate.self,
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

struct VersionList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the versions of a key, the newest first.",
        discussion: "Example: kms version list payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func request(_ page: ListPage) -> KMSRequest<VersionPageAnswer> { .listVersions(of: key.reference, page: page) }
}

extension VersionPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("VERSION", "STATE", "CREATED", "CHANGED", "DESTROYED", "REASON", .wide("COMMENT"))
        for version in versions {
            table.add(
                "\(version.number)", .state(version.state), .time(version.createdAt), .time(version.changedAt),
                .time(version.destroyAt, else: "-"), .text(version.reason, else: "-"), .text(version.comment, else: "-")
            )
        }
        return table
    }
}

struct VersionShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a version.", discussion: "Example: kms version show payroll 1")

    @OptionGroup var version: VersionArguments
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<VersionAnswer> { KMSRequest(.get, version.path) }
}

struct VersionUsage: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show how often a version was used in the last 90 days.",
        discussion: "Example: kms version usage payroll 1")

    @OptionGroup var version: VersionArguments
    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<UsageAnswer> { KMSRequest(.get, version.path + "/usage") }
}

extension UsageAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("encrypted, signed", "\(produced)")
        table.add("decrypted, verified", "\(consumed)")
        table.add("last used", .time(lastUsedAt, else: "not in \(days) days"))
        return table.text(in: style)
    }
}
