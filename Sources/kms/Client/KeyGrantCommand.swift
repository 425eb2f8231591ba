import ArgumentParser
import KMSClient

struct KeyGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "What single subjects may do with a key beside their roles.",
        discussion:
            "Example: kms key grant create payroll subject:nightly@example.com --action decrypt --context table=wages",
        subcommands: [KeyGrantCreate.self, KeyGrantList.self, KeyGrantRevoke.self])
}

extension GrantAnswer {
    /// The required encryption context, followed by an ellipsis if further pairs are allowed.
    fileprivate var contextText: String {
        guard let context else { return "-" }
        let pairs = context.sorted.map { "\($0.name)=\($0.value)" }
        return (pairs + (allowsMoreContext ? ["…"] : [])).joined(separator: ",")
    }
}

extension GrantsAnswer: PrintableAnswer {
    var text: String {
        var table = Table("ID", "GRANTEE", "MAY", "CONTEXT", "MADE BY", "MADE")
        for grant in grants {
            table.add(
                grant.id, grant.grantee, grant.actions.joined(separator: ","), grant.contextText, grant.issuer,
                grant.createdAt)
        }
        return table.text
    }
}

struct KeyGrantList: ShowCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the grants of a key.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<GrantsAnswer> { KMSRequest(.get, key.path + "/grants") }
}

struct KeyGrantRevoke: RequestCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a grant at once.")

    @OptionGroup var key: KeyArgument

    @Argument(help: "The id of the grant: 64 hexadecimal digits.")
    var grant: String

    @OptionGroup var options: ClientOptions

    struct Answer: Decodable {
        let id: String
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.delete, APIPath.grant(grant, of: key.reference)) }

    func show(_ answer: Answer) throws { try StandardOutput.write("grant \(answer.id) revoked\n") }
}

struct KeyGrantCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Let somebody do some things with a key.")

    @OptionGroup var key: KeyArgument

    @Argument(help: "Who: subject:NAME, group:NAME or *.")
    var grantee: String

    @Option(name: .customLong("action"), help: "What, such as decrypt or generateDataKey; may be repeated.")
    var actions: [String] = []

    @Option(help: "Who may end it, beside those who manage the key: subject:NAME, group:NAME or *.")
    var retiring: String?

    @Option(help: "A name; the same grant under the same name is made once.")
    var name: String?

    @OptionGroup var context: ContextOption

    @Flag(help: "The encryption context may have other pairs, too.")
    var allowsMoreContext = false

    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let grantee: String
        let actions: [String]
        let retiring: String?
        let name: String?
        let context: NameValuePairs?
        let allowsMoreContext: Bool?
    }

    func check() throws {
        guard !allowsMoreContext || !context.pairs.isEmpty else {
            throw Failure(.input, "--allows-more-context goes with --context")
        }
    }

    func request() throws -> KMSRequest<GrantAnswer> {
        let pairs = try context.context()
        return KMSRequest(
            .post, key.path + "/grants",
            Body(
                grantee: grantee, actions: actions, retiring: retiring, name: name,
                context: pairs.isEmpty ? nil : pairs, allowsMoreContext: allowsMoreContext ? true : nil))
    }

    func show(_ answer: GrantAnswer) throws { try StandardOutput.write("grant \(answer.id)\n") }
}
