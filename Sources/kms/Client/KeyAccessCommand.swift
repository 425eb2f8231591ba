import ArgumentParser
import KMSClient

struct KeyAccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who, of those whose role is enough, may use a key.",
        discussion: """
            With access control off the role is enough. With it on, also its owner or somebody listed: for all others there is no such \
            key. Turned off, the list is emptied.

            Example: kms key access on payroll --subject alice@example.com --group finance
            """,
        subcommands: [KeyAccessShow.self, KeyAccessOn.self, KeyAccessOff.self, KeyAccessOwner.self])
}

extension KeyAccessAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        if dryRun == true { table.add("dry run", "nothing was changed") }
        table.add("key", keyId)
        table.add("owner", owner ?? "nobody")
        table.add("access control", accessControl ? "on" : "off")
        if accessControl {
            table.add("subjects", subjects.isEmpty ? "none" : subjects.joined(separator: ", "))
            table.add("groups", groups.isEmpty ? "none" : groups.joined(separator: ", "))
        }
        return table.text
    }
}

/// A command that shows the access control of a key, and a warning if there is one.
protocol KeyAccessShowCommand: ShowCommand where Answer == KeyAccessAnswer {}

extension KeyAccessShowCommand {
    func show(_ access: KeyAccessAnswer) throws {
        try output.show(access)
        if let warning = access.warning { StandardError.write("kms: warning: \(warning)\n") }
    }
}

struct KeyAccessShow: KeyAccessShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show who may use a key.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> { KMSRequest(.get, key.path + "/access") }
}

private struct KeyAccessBody: Encodable {
    let accessControl: Bool
    let subjects: [String]?
    let groups: [String]?
    let dryRun: Bool?
}

struct KeyAccessOn: KeyAccessShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "on", abstract: "Turn access control on, with this list in place of the one that was there.")

    @OptionGroup var key: KeyArgument

    @Option(name: .customLong("subject"), help: "Somebody who may use it; may be repeated.")
    var subjects: [String] = []

    @Option(name: .customLong("group"), help: "A group that may use it; may be repeated.")
    var groups: [String] = []

    @Flag(help: "Change nothing; show what would be.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> {
        KMSRequest(
            .put, key.path + "/access",
            KeyAccessBody(accessControl: true, subjects: subjects, groups: groups, dryRun: dryRun ? true : nil))
    }
}

struct KeyAccessOff: KeyAccessShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Turn access control off, and empty the list.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> {
        KMSRequest(
            .put, key.path + "/access",
            KeyAccessBody(accessControl: false, subjects: nil, groups: nil, dryRun: nil))
    }
}

struct KeyAccessOwner: KeyAccessShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Give a key to another owner. For platform administrators.",
        discussion: "Example: kms key access owner payroll bob@example.com --project default")

    @OptionGroup var key: KeyArgument

    @Argument(help: "The new owner, who needs a role in the project.")
    var owner: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ApprovedClientOptions

    func request() -> KMSRequest<KeyAccessAnswer> { KMSRequest(.put, key.path + "/owner", ["owner": owner]) }
}
