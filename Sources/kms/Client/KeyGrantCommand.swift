import ArgumentParser

struct KeyGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "What single subjects may do with a key beside their roles.",
        discussion: "Grants are made through the API of AWS KMS: aws kms create-grant.",
        subcommands: [KeyGrantList.self, KeyGrantRevoke.self])
}

private struct GrantAnswer: Codable {
    let id: String
    let name: String
    let grantee: String
    let retiring: String?
    let actions: [String]
    let context: [String: String]?
    let allowsMoreContext: Bool
    let issuer: String
    let createdAt: String
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
            var table = Table("ID", "GRANTEE", "MAY", "MADE BY", "MADE")
            for grant in answer.grants {
                table.add(
                    grant.id, grant.grantee, grant.actions.joined(separator: ","), grant.issuer, grant.createdAt)
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
