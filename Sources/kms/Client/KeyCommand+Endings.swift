import ArgumentParser
import KMSClient

struct KeyScheduleDeletion: KeyChange, IrreversibleChange {
    static let configuration = CommandConfiguration(
        commandName: "schedule-deletion", abstract: "Forbid all use of a key, and delete it later.",
        discussion: """
            The key and all its versions are deleted after a waiting period. Until then, 'kms key cancel-deletion' cancels it.

            Example: kms key schedule-deletion payroll --days 30 \\
                --reason cessationOfOperation --dry-run
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "The waiting period in days. [the service's setting]")
    var days: Int?

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/schedule-deletion" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Scheduled the deletion of \(key.name)\(key.dueText(key.deletionDueAt, style)); "
            + "cancel it with 'kms key cancel-deletion \(key.name)'"
    }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "If you confirm, no operation can use key '\(key.name)' any longer. "
            + "It is deleted with all its versions\(key.dueText(key.deletionDueAt, style))."
    }
}

struct KeyDelete: KeyChange, IrreversibleChange {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key whose versions are all destroyed.",
        discussion: "Its name can be used again; its id is never reused.\n\nExample: kms key delete payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    var method: RequestMethod { .delete }

    func path(_ key: String) -> String { APIPath.key(key) }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String { "Deleted \(key.name)" }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "The record of key '\(key.name)' and of its \(key.versionCount) destroyed versions is deleted."
    }
}

struct KeyDeleteMaterial: KeyChange, IrreversibleChange {
    static let configuration = CommandConfiguration(
        commandName: "delete-material", abstract: "Erase the imported material of a key now.",
        discussion: """
            Only a copy of the same material brings the version back: 'kms key import KEY --version 1 --activate'.

            Example: kms key delete-material partner
            """)

    @OptionGroup var key: KeyArgument
    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/delete-material" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String { "Erased the imported material of \(key.name)" }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "The imported material of key '\(key.name)' is erased at once. Only a copy of it can bring it back."
    }
}
