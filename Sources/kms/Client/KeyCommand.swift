import ArgumentParser

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list, show, change and rotate keys.",
        subcommands: [KeyCreate.self, KeyList.self, KeyShow.self, KeyVersions.self, KeyUpdate.self, KeyRotate.self])
}

/// What the commands that show one key share.
struct KeyOutput: ParsableArguments {
    @Flag(help: "JSON instead of text.")
    var json = false

    func show(_ key: KeyAnswer) throws {
        if json {
            try JSONText.write(key)
            return
        }
        var sheet = Sheet()
        sheet.add("name", key.name)
        sheet.add("id", key.id)
        if !key.description.isEmpty { sheet.add("description", key.description) }
        sheet.add("project", key.project)
        sheet.add("algorithm", key.algorithm)
        sheet.add("usage", key.usage)
        sheet.add("origin", key.origin)
        sheet.add("state", key.state + (key.enabled ? "" : " (disabled)"))
        sheet.add("default version", key.defaultVersion.map(String.init) ?? "none")
        sheet.add("versions", "\(key.versionCount)")
        sheet.add("created", key.createdAt)
        sheet.add("changed", key.changedAt)
        try StandardOutput.write(sheet.text)
    }
}

struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a key.",
        discussion: "Example: kms key create invoices --description 'Data keys of the invoice service'")

    @Argument(help: "The name: 1 to 128 letters, digits, '.', '_' and '-'.")
    var name: String

    @Option(help: "Free text, at most 1024 bytes.")
    var description: String?

    @Option(help: "The algorithm.")
    var algorithm: String?

    @Flag(help: "Make no version yet; the key does no cryptography until it is rotated for the first time.")
    var preActivation = false

    @OptionGroup var output: KeyOutput
    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let name: String
        let description: String?
        let algorithm: String?
        let preActivation: Bool?
    }

    func run() async throws {
        try await reporting {
            let body = Body(
                name: name, description: description, algorithm: algorithm, preActivation: preActivation ? true : nil)
            try output.show(try await options.client().post("/api/v1/keys", body))
        }
    }
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the project by name.")

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let page: KeyPageAnswer = try await options.client().get("/api/v1/keys" + pages.query)
            var table = Table("NAME", "STATE", "VERSION", "ALGORITHM", "ID", "CREATED")
            for key in page.keys {
                table.add(
                    key.name, key.state + (key.enabled ? "" : " (disabled)"),
                    key.defaultVersion.map(String.init) ?? "-", key.algorithm, key.id, key.createdAt)
            }
            try pages.show(page, as: table, next: page.next, command: "kms key list")
        }
    }
}

struct KeyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a key.")

    @Argument(help: "The key's name or id.")
    var key: String

    @OptionGroup var output: KeyOutput
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try output.show(try await options.client().get(PathText.key(key)))
        }
    }
}

struct KeyVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "List the versions of a key, the newest first.")

    @Argument(help: "The key's name or id.")
    var key: String

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            let page: VersionPageAnswer = try await options.client().get(PathText.key(key) + "/versions" + pages.query)
            var table = Table("VERSION", "STATE", "CREATED", "CHANGED")
            for version in page.versions {
                table.add("\(version.number)", version.state, version.createdAt, version.changedAt)
            }
            try pages.show(page, as: table, next: page.next, command: "kms key versions \(key)")
        }
    }
}
