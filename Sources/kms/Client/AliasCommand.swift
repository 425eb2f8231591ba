import ArgumentParser

struct AliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Give keys second names, which can be moved from key to key.",
        discussion: "Example: kms alias set current-invoices invoices-2027",
        subcommands: [AliasSet.self, AliasList.self, AliasShow.self, AliasDelete.self])
}

/// Shows one alias.
private func show(_ alias: AliasAnswer, json: Bool) throws {
    if json {
        try JSONText.write(alias)
        return
    }
    var sheet = Sheet()
    sheet.add("alias", alias.alias)
    sheet.add("key", alias.keyId)
    sheet.add("changed", alias.changedAt)
    try StandardOutput.write(sheet.text)
}

struct AliasSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make an alias, or move it to another key in one step.")

    @Argument(help: "The alias: 1 to 128 letters, digits, '.', '_' and '-'.")
    var alias: String

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try show(try await options.client().put(PathText.alias(alias), ["key": key]), json: json)
        }
    }
}

struct AliasList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the aliases of the project, or of one key.")

    @Option(help: "The key's name or id.")
    var key: String?

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let query = PathText.query(["key": key, "limit": pages.limit.map(String.init), "cursor": pages.cursor])
            try list(try await options.client().get("/api/v1/aliases" + query))
        }
    }

    @inline(never)
    private func list(_ page: AliasPageAnswer) throws {
        var table = Table("ALIAS", "KEY", "CHANGED")
        for alias in page.aliases { table.add(alias.alias, alias.keyId, alias.changedAt) }
        try pages.show(page, as: table, next: page.next, command: "kms alias list")
    }
}

struct AliasShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show to which key an alias leads.")

    @Argument(help: "The alias.")
    var alias: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try show(try await options.client().get(PathText.alias(alias)), json: json) }
    }
}

struct AliasDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take an alias away. The key remains.")

    @Argument(help: "The alias.")
    var alias: String

    @OptionGroup var options: ClientOptions

    private struct Answer: Decodable {
        let alias: String
    }

    func run() async throws {
        try await reporting {
            let answer: Answer = try await options.client().delete(PathText.alias(alias))
            try StandardOutput.write("alias \(answer.alias) deleted\n")
        }
    }
}
