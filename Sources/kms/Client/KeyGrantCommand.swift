import ArgumentParser
import KeyManagement

struct KeyGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "What single subjects may do with a key beside their roles.",
        discussion:
            "Example: kms key grant create payroll subject:nightly@example.com --action decrypt --context table=wages",
        subcommands: [KeyGrantCreate.self, KeyGrantList.self, KeyGrantRevoke.self])
}

private struct GrantAnswer: Codable {
    let id: String
    let name: String
    let grantee: String
    let retiring: String?
    let actions: [String]
    let context: TextPairs?
    let allowsMoreContext: Bool
    let issuer: String
    let createdAt: String

    /// The required encryption context, followed by an ellipsis if further pairs are allowed.
    var contextText: String {
        guard let context else { return "-" }
        let pairs = context.sorted.map { "\($0.name)=\($0.value)" }
        return (pairs + (allowsMoreContext ? ["…"] : [])).joined(separator: ",")
    }
}

private struct GrantsAnswer: Codable {
    let grants: [GrantAnswer]
}

private struct RevokedGrant: Codable {
    let id: String
}

struct KeyGrantList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the grants of a key.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let answer: GrantsAnswer = try await options.client().get(PathText.key(key) + "/grants")
            if json { return try JSONText.write(answer) }
            var table = Table("ID", "GRANTEE", "MAY", "CONTEXT", "MADE BY", "MADE")
            for grant in answer.grants {
                table.add(
                    grant.id, grant.grantee, grant.actions.joined(separator: ","), grant.contextText, grant.issuer,
                    grant.createdAt)
            }
            try StandardOutput.write(table.text)
        }
    }
}

struct KeyGrantRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a grant at once.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Argument(help: "The id of the grant: 64 hexadecimal digits.")
    var grant: String

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let answer: RevokedGrant = try await options.client().delete(PathText.grant(grant, of: key))
            try StandardOutput.write("grant \(answer.id) revoked\n")
        }
    }
}

struct KeyGrantCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Let somebody do some things with a key.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

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
        let context: TextPairs?
        let allowsMoreContext: Bool?
    }

    func run() async throws {
        try await reporting {
            guard !allowsMoreContext || !context.pairs.isEmpty else {
                throw Failure(.input, "--allows-more-context goes with --context")
            }
            let body = Body(
                grantee: grantee, actions: actions, retiring: retiring, name: name, context: try context.context(),
                allowsMoreContext: allowsMoreContext ? true : nil)
            let answer: GrantAnswer = try await options.client().post(PathText.key(key) + "/grants", body)
            try StandardOutput.write("grant \(answer.id)\n")
        }
    }
}
