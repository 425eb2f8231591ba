import ArgumentParser
import KeyManagement

struct KeyUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change name, description, tags or rotation of a key.",
        discussion: "Example: kms key update invoices --rotation-days 90 --tag team=finance")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(help: "The new name.")
    var name: String?

    @Option(help: "The new description; '' for none.")
    var description: String?

    @Option(name: .customLong("tag"), help: "A tag NAME=VALUE; may be repeated. They replace all tags that there are.")
    var tags: [String] = []

    @Flag(help: "Take all tags away.")
    var withoutTags = false

    @Option(help: "Rotate the key by itself after so many days, 1 to 1095; 0: not any more.")
    var rotationDays: Int?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let name: String?
        let description: String?
        let tags: TextPairs?
        let rotationDays: Int?
    }

    func run() async throws {
        try await reporting {
            let answer: KeyAnswer = try await options.client().patch(PathText.key(key), try body())
            try KeySheet.show(answer, json: json)
        }
    }

    @inline(never)
    private func body() throws(Failure) -> Body {
        guard tags.isEmpty || !withoutTags else {
            throw Failure(.input, "--tag and --without-tags contradict each other")
        }
        return Body(
            name: name, description: description,
            tags: tags.isEmpty ? (withoutTags ? TextPairs() : nil) : try PairOptions.pairs(tags, of: "--tag"),
            rotationDays: rotationDays)
    }
}

struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new version of a key, which becomes the default one.",
        discussion: "Ciphertexts of earlier versions go on being decrypted; nothing is encrypted under them any more.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", PathText.key(key) + "/rotate", by: try options.client()) }
    }
}

struct KeyActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make the first version of a key in pre-activation.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", PathText.key(key) + "/activate", by: try options.client()) }
    }
}

struct KeyEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled key be used again.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", PathText.key(key) + "/enable", by: try options.client()) }
    }
}

struct KeyDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End all use of a key until it is enabled again.",
        discussion: "Example: kms key disable invoices --reason keyCompromise --dry-run")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("POST", PathText.key(key) + "/disable", by: try options.client()) }
    }
}

struct KeyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key whose versions are all destroyed.",
        discussion: "Its name is free again; its id is never given twice.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await change.send("DELETE", PathText.key(key), by: try options.client()) }
    }
}

struct KeyScheduleDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule-deletion",
        abstract: "End all use of a key, and delete it with all its versions after a while.",
        discussion: "Example: kms key schedule-deletion invoices --days 30 --reason cessationOfOperation")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(help: "How many days it waits; else what the service is configured for.")
    var days: Int?

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func run() async throws {
        try await reporting {
            try await change.send(
                "POST", PathText.key(key) + "/schedule-deletion", days: days, by: try options.client())
        }
    }
}

struct KeyCancelDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-deletion", abstract: "Call the deletion of a key off; it is disabled then.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try await change.send("POST", PathText.key(key) + "/cancel-deletion", by: try options.client())
        }
    }
}

struct KeyDeleteMaterial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-material", abstract: "Erase the imported material of a key now.",
        discussion: "Its owner can bring the same material again: 'kms key import --version … --activate'.")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func run() async throws {
        try await reporting {
            try await change.send("POST", PathText.key(key) + "/delete-material", by: try options.client())
        }
    }
}
