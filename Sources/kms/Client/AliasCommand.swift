import ArgumentParser
import KMSClient

struct AliasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alias", abstract: "Give keys second names, which can be moved from key to key.",
        discussion: "Example: kms alias set current-invoices invoices-2027",
        subcommands: [AliasSet.self, AliasList.self, AliasShow.self, AliasDelete.self])
}

extension AliasAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("alias", alias)
        table.add("key", keyId)
        table.add("changed", changedAt)
        return table.text
    }
}

struct AliasSet: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make an alias, or move it to another key in one step.")

    @Argument(help: "The alias: 1 to 128 letters, digits, '.', '_' and '-'.")
    var alias: String

    @OptionGroup var key: KeyArgument

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<AliasAnswer> { KMSRequest(.put, APIPath.alias(alias), ["key": key.reference]) }
}

struct AliasList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the aliases of the project, or of one key.")

    @Option(help: "The key's name or id.")
    var key: String?

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    var command: String { "kms alias list" }

    func request() -> KMSRequest<AliasPageAnswer> {
        let query = APIPath.query(["key": key, "limit": pages.limit.map(String.init), "cursor": pages.cursor])
        return KMSRequest(.get, "/api/v1/aliases" + query)
    }
}

extension AliasPageAnswer: PageAnswer {
    var table: Table {
        var table = Table("ALIAS", "KEY", "CHANGED")
        for alias in aliases { table.add(alias.alias, alias.keyId, alias.changedAt) }
        return table
    }
}

struct AliasShow: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show to which key an alias leads.")

    @Argument(help: "The alias.", completion: .aliases)
    var alias: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<AliasAnswer> { KMSRequest(.get, APIPath.alias(alias)) }
}

struct AliasDelete: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take an alias away. The key remains.")

    @Argument(help: "The alias.", completion: .aliases)
    var alias: String

    @OptionGroup var options: ClientOptions

    struct Answer: Decodable {
        let alias: String
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.delete, APIPath.alias(alias)) }

    func show(_ answer: Answer) throws { try StandardOutput.write("alias \(answer.alias) deleted\n") }
}
