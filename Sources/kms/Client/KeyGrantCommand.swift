import ArgumentParser
import KMSClient

struct KeyGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Grant single operations on a key, without a role.",
        discussion:
            "Example: kms key grant create payroll subject:nightly@example.com \\\n    --action decrypt --context table=wages",
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
    func text(in style: TextStyle) -> String {
        var table = Table("GRANTEE", "OPERATIONS", "CONTEXT", "CREATED", "ID", .wide("ISSUER"))
        for grant in grants {
            table.add(
                .text(grant.grantee), .text(grant.actions.joined(separator: ",")), .text(grant.contextText),
                .time(grant.createdAt), .text(grant.id), .text(grant.issuer))
        }
        return table.text(in: style)
    }
}

struct KeyGrantList: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the grants of a key.", discussion: "Example: kms key grant list payroll")

    @OptionGroup var key: KeyArgument

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<GrantsAnswer> { KMSRequest(.get, key.path + "/grants") }
}

struct KeyGrantRevoke: LineCommand, IrreversibleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a grant at once.",
        discussion:
            "Example: kms key grant revoke payroll \\\n    4ee6077120e1fd926272b26458f95b8dc1b24952d44ff940811cc301121539ab"
    )

    @OptionGroup var key: KeyArgument

    @Argument(help: "The id of the grant: 64 hexadecimal digits.")
    var grant: String

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ClientOptions

    struct Answer: Codable {
        let id: String
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.delete, APIPath.grant(grant, of: key.reference)) }

    func summary(_ answer: Answer) -> String { "Revoked grant \(answer.id)" }

    func loss(by client: KMSClient) async throws -> Loss {
        let grants = try await client.send(KMSRequest<GrantsAnswer>(.get, key.path + "/grants"))
        return apart {
            let grant = grants.grants.first { $0.id == self.grant }
            let what = grant.map { "\($0.grantee) loses \($0.actions.joined(separator: ", "))" } ?? "the grant ends"
            return Loss(description: "On key '\(key.reference)', \(what) at once.", name: key.reference)
        }
    }
}

struct KeyGrantCreate: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a grant.",
        discussion: "Example: kms key grant create payroll subject:nightly@example.com \\\n    --action decrypt")

    @OptionGroup var key: KeyArgument

    @Argument(help: "The grantee: subject:NAME, group:NAME or * for everybody.")
    var grantee: String

    @Option(name: .customLong("action"), help: "An operation, such as decrypt or generateDataKey; may be repeated.")
    var actions: [String] = []

    @Option(help: "Who may end it, apart from the key's managers: subject:NAME, group:NAME or *.")
    var retiring: String?

    @Option(help: "A name. The same grant under the same name is created once.")
    var name: String?

    @OptionGroup var context: ContextOption

    @Flag(help: "Allow further pairs in the encryption context.")
    var allowsMoreContext = false

    @OptionGroup var output: OutputOptions
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
            throw Failure(.input, "--allows-more-context requires --context")
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

    func summary(_ answer: GrantAnswer) -> String { "Created grant \(answer.id)" }
}
