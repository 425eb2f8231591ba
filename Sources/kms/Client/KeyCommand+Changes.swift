import ArgumentParser

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
