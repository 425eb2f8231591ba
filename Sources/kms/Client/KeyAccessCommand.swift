import ArgumentParser

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

private func show(_ access: KeyAccessAnswer, json: Bool) throws {
    if json {
        try JSONText.write(access)
    } else {
        var sheet = Sheet()
        if access.dryRun == true { sheet.add("dry run", "nothing was changed") }
        sheet.add("key", access.keyId)
        sheet.add("owner", access.owner ?? "nobody")
        sheet.add("access control", access.accessControl ? "on" : "off")
        if access.accessControl {
            sheet.add("subjects", access.subjects.isEmpty ? "none" : access.subjects.joined(separator: ", "))
            sheet.add("groups", access.groups.isEmpty ? "none" : access.groups.joined(separator: ", "))
        }
        try StandardOutput.write(sheet.text)
    }
    if let warning = access.warning { StandardError.write("kms: warning: \(warning)\n") }
}

struct KeyAccessShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show who may use a key.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get(PathText.key(key) + "/access"), json: json) }
    }
}

struct KeyAccessBody: Encodable {
    let accessControl: Bool
    let subjects: [String]?
    let groups: [String]?
    let dryRun: Bool?
}

struct KeyAccessOn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "on", abstract: "Turn access control on, with this list in place of the one that was there.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(name: .customLong("subject"), help: "Somebody who may use it; may be repeated.")
    var subjects: [String] = []

    @Option(name: .customLong("group"), help: "A group that may use it; may be repeated.")
    var groups: [String] = []

    @Flag(help: "Change nothing; show what would be.")
    var dryRun = false

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let body = KeyAccessBody(
                accessControl: true, subjects: subjects, groups: groups, dryRun: dryRun ? true : nil)
            try show(try await options.client().put(PathText.key(key) + "/access", body), json: json)
        }
    }
}

struct KeyAccessOff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Turn access control off, and empty the list.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let body = KeyAccessBody(accessControl: false, subjects: nil, groups: nil, dryRun: nil)
            try show(try await options.client().put(PathText.key(key) + "/access", body), json: json)
        }
    }
}

struct KeyAccessOwner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Give a key to another owner. For platform administrators.",
        discussion: "Example: kms key access owner payroll bob@example.com --project default")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Argument(help: "The new owner, who needs a role in the project.")
    var owner: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ApprovedClientOptions

    func run() async throws {
        try await reporting {
            try show(try await options.client().put(PathText.key(key) + "/owner", ["owner": owner]), json: json)
        }
    }
}
