import ArgumentParser
import KMSClient

struct KeyAccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Restrict a key to listed subjects and groups.",
        discussion: """
            Without access control, a role in the project is enough to use the key. With it, the caller must also be the owner or be \
            listed; for all others the key does not exist.

            Example: kms key access enable payroll --subject alice@example.com \\
                --group finance
            """,
        subcommands: [
            KeyAccessShow.self, KeyAccessEnable.self, KeyAccessDisable.self, KeyAccessOwner.self, KeyAccessOn.self,
            KeyAccessOff.self,
        ])
}

extension KeyAccessAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        if dryRun == true { table.add("dry run", "nothing was changed") }
        table.add("key", keyId)
        table.add("owner", owner ?? "none")
        table.add("access control", accessControl ? "on" : "off")
        if accessControl {
            table.add("subjects", subjects.isEmpty ? "none" : subjects.joined(separator: ", "))
            table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        }
        return table.text(in: style)
    }
}

/// A command that changes the access control of a key, and shows a warning if there is one.
protocol KeyAccessEditCommand: EditCommand where Answer == KeyAccessAnswer {
    var key: KeyArgument { get }
}

extension KeyAccessEditCommand {
    func show(_ access: KeyAccessAnswer) throws {
        if view.wide {
            try view.show(access)
        } else {
            try view.output.show(access, as: DisplayText.safe(summary(access, view.style)) + "\n")
        }
        if let warning = access.warning { StandardError.write("kms: warning: \(DisplayText.safe(warning))\n") }
    }

    func summary(_ access: KeyAccessAnswer, _ style: TextStyle) -> String {
        let mark = access.dryRun == true ? "Dry run, nothing was changed: " : ""
        guard access.accessControl else { return "\(mark)Access control of \(key.reference) disabled" }
        let listed =
            access.subjects + access.groups.map { "group \($0)" } + (access.owner.map { ["\($0) (owner)"] } ?? [])
        return "\(mark)Access control of \(key.reference) enabled for "
            + (listed.isEmpty ? "nobody" : listed.joined(separator: ", "))
    }
}

struct KeyAccessShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show who may use a key.", discussion: "Example: kms key access show payroll")

    @OptionGroup var key: KeyArgument

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> { KMSRequest(.get, key.path + "/access") }
}

private struct KeyAccessBody: Encodable {
    let accessControl: Bool
    let subjects: [String]?
    let groups: [String]?
    let dryRun: Bool?
}

struct KeyAccessEnable: KeyAccessEditCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enable access control, replacing the list.",
        discussion: "Example: kms key access enable payroll --group finance --dry-run")

    @OptionGroup var key: KeyArgument

    @Option(name: .customLong("subject"), help: "A subject who may use the key; may be repeated.")
    var subjects: [String] = []

    @Option(name: .customLong("group"), help: "A group that may use the key; may be repeated.")
    var groups: [String] = []

    @Flag(help: "Change nothing; print the access control as it would be.")
    var dryRun = false

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> {
        KMSRequest(
            .put, key.path + "/access",
            KeyAccessBody(accessControl: true, subjects: subjects, groups: groups, dryRun: dryRun ? true : nil))
    }
}

struct KeyAccessDisable: KeyAccessEditCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable access control and clear the list.",
        discussion: "Example: kms key access disable payroll")

    @OptionGroup var key: KeyArgument

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> {
        KMSRequest(
            .put, key.path + "/access",
            KeyAccessBody(accessControl: false, subjects: nil, groups: nil, dryRun: nil))
    }
}

struct KeyAccessOwner: KeyAccessEditCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Transfer a key to another owner.",
        discussion:
            "Requires the platform administrator role.\n\nExample: kms key access owner payroll bob@example.com --project default"
    )

    @OptionGroup var key: KeyArgument

    @Argument(help: "The new owner, who must have a role in the project.")
    var owner: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ApprovedClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> { KMSRequest(.put, key.path + "/owner", ["owner": owner]) }

    func summary(_ access: KeyAccessAnswer, _ style: TextStyle) -> String {
        "Transferred \(key.reference) to \(access.owner ?? owner)"
    }
}

struct KeyAccessOn: RenamedCommand {
    static let newName = "key access enable KEY"
    static let configuration = CommandConfiguration.renamed("on", to: newName)

    @OptionGroup var command: KeyAccessEnable
}

struct KeyAccessOff: RenamedCommand {
    static let newName = "key access disable KEY"
    static let configuration = CommandConfiguration.renamed("off", to: newName)

    @OptionGroup var command: KeyAccessDisable
}
