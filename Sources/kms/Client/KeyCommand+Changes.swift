import ArgumentParser

struct KeyVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of a key, the newest first.")

    @Argument(help: "The key's name or id.")
    var key: String

    @Option(help: "How many versions a page has, 1 to 1000.")
    var limit: Int?

    @Option(help: "The cursor that the page before gave.")
    var cursor: String?

    @Flag(help: "JSON instead of a table.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let page: VersionPageAnswer = try await options.client().get(
                PathText.key(key) + "/versions" + PathText.query(["limit": limit.map(String.init), "cursor": cursor]))
            if json {
                try JSONText.write(page)
                return
            }
            var table = Table("VERSION", "STATE", "CREATED", "CHANGED")
            for version in page.versions {
                table.add("\(version.number)", version.state, version.createdAt, version.changedAt)
            }
            try StandardOutput.write(table.text)
            if let next = page.next { StandardError.write("more: kms key versions \(key) --cursor \(next)\n") }
        }
    }
}

struct KeyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the name or the description of a key.")

    @Argument(help: "The key's name or id.")
    var key: String

    @Option(help: "The new name.")
    var name: String?

    @Option(help: "The new description; '' for none.")
    var description: String?

    @OptionGroup var output: KeyOutput
    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let name: String?
        let description: String?
    }

    func run() async throws {
        try await reporting {
            let body = Body(name: name, description: description)
            try output.show(try await options.client().patch(PathText.key(key), body))
        }
    }
}

struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new version of a key, which becomes the default one.",
        discussion: "Ciphertexts of earlier versions go on being decrypted; nothing is encrypted under them any more.")

    @Argument(help: "The key's name or id.")
    var key: String

    @OptionGroup var output: KeyOutput
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try output.show(try await options.client().post(PathText.key(key) + "/rotate"))
        }
    }
}
