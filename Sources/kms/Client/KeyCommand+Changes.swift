import ArgumentParser
import KMSClient

struct KeyUpdate: ShowCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change name, description, tags or rotation of a key.",
        discussion: "Example: kms key update invoices --rotation-days 90 --tag team=finance")

    @OptionGroup var key: KeyArgument

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

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ClientOptions

    func request() throws -> KMSRequest<KeyAnswer> {
        guard tags.isEmpty || !withoutTags else {
            throw Failure(.input, "--tag and --without-tags contradict each other")
        }
        var changes = KeyPropertyChanges()
        changes.name = name
        changes.description = description
        changes.rotationDays = rotationDays
        if withoutTags || !tags.isEmpty { changes.tags = try PairOptions.pairs(tags, of: "--tag") }
        return .updateKey(key.reference, changes)
    }
}

struct KeyRotate: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new version of a key, which becomes the default one.",
        discussion: "Ciphertexts of earlier versions go on being decrypted; nothing is encrypted under them any more.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { key.path + "/rotate" }
}

struct KeyActivate: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make the first version of a key in pre-activation.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { key.path + "/activate" }
}

struct KeyEnable: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled key be used again.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { key.path + "/enable" }
}

struct KeyDisable: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End all use of a key until it is enabled again.",
        discussion: "Example: kms key disable invoices --reason keyCompromise --dry-run")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { key.path + "/disable" }
}

struct KeyDelete: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key whose versions are all destroyed.",
        discussion: "Its name is free again; its id is never given twice.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var method: RequestMethod { .delete }
    var path: String { key.path }
}

struct KeyScheduleDeletion: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule-deletion",
        abstract: "End all use of a key, and delete it with all its versions after a while.",
        discussion: "Example: kms key schedule-deletion invoices --days 30 --reason cessationOfOperation")

    @OptionGroup var key: KeyArgument

    @Option(help: "How many days it waits; else what the service is configured for.")
    var days: Int?

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    var path: String { key.path + "/schedule-deletion" }
}

struct KeyCancelDeletion: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-deletion", abstract: "Call the deletion of a key off; it is disabled then.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var path: String { key.path + "/cancel-deletion" }
}

struct KeyDeleteMaterial: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-material", abstract: "Erase the imported material of a key now.",
        discussion: "Its owner can bring the same material again: 'kms key import --version … --activate'.")

    @OptionGroup var key: KeyArgument

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    var path: String { key.path + "/delete-material" }
}
