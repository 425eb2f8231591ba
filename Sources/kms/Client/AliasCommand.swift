import ArgumentParser
import KMSClient

struct AliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Manage aliases: second names that can move between keys.",
        discussion: "Example: kms alias set current-invoices invoices-2027",
        subcommands: [AliasSet.self, AliasList.self, AliasShow.self, AliasDelete.self])
}

extension AliasAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("alias", alias)
        table.add("key", keyId)
        table.add("changed", .time(changedAt))
        return table.text(in: style)
    }
}

struct AliasSet: EditCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Create an alias, or move it to another key.",
        discussion: "Example: kms alias set current-invoices invoices-2027")

    @Argument(help: "The alias: 1 to 128 letters, digits, '.', '_' and '-'.")
    var alias: String

    @OptionGroup var key: KeyArgument

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<AliasAnswer> { KMSRequest(.put, APIPath.alias(alias), ["key": key.reference]) }

    func summary(_ alias: AliasAnswer, _ style: TextStyle) -> String { "Alias \(alias.alias) → \(key.reference)" }
}

struct AliasList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the aliases of the project, or of one key.",
        discussion: "Example: kms alias list payroll")

    @Argument(help: "Only aliases of this key, by name, alias or id.")
    var key: String?

    // The earlier form of the argument.
    @Option(name: .customLong("key"), help: .hidden)
    var oldKey: String?

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func request(_ page: ListPage) -> KMSRequest<AliasPageAnswer> {
        if oldKey != nil { RenamedOption.note("--key", "the argument KEY") }
        let query = APIPath.query(["key": key ?? oldKey, "limit": page.limit.map(String.init), "cursor": page.cursor])
        return KMSRequest(.get, "/api/v1/aliases" + query)
    }
}

extension AliasPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("ALIAS", "KEY", "CHANGED")
        for alias in aliases { table.add(.text(alias.alias), .text(alias.keyId), .time(alias.changedAt)) }
        return table
    }
}

struct AliasShow: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the key of an alias.",
        discussion: "Example: kms alias show current-invoices")

    @Argument(help: "The alias.")
    var alias: String

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<AliasAnswer> { KMSRequest(.get, APIPath.alias(alias)) }
}

struct AliasDelete: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an alias; the key remains.",
        discussion: "Example: kms alias delete current-invoices")

    @Argument(help: "The alias.")
    var alias: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ClientOptions

    struct Answer: Codable {
        let alias: String
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.delete, APIPath.alias(alias)) }

    func summary(_ answer: Answer) -> String { "Deleted alias \(answer.alias)" }
}
