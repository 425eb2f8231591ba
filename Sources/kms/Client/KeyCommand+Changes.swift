import ArgumentParser
import KMSClient

/// A change of a key as a whole, which its argument names.
protocol KeyChange: ChangeCommand {
    var key: KeyArgument { get }
}

extension KeyChange {
    var keyReference: String { key.reference }
}

struct KeyRotate: KeyChange {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Create a new version of a key and make it the default.",
        discussion: """
            The new version encrypts and signs from now on. Earlier versions still decrypt and verify.

            Example: kms key rotate payroll
            """)

    @OptionGroup var key: KeyArgument
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/rotate" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        guard let version = key.version?.number ?? key.defaultVersion else { return "Rotated \(key.name)" }
        return version > 1
            ? "Rotated \(key.name): version \(version - 1) → \(version)" : "Rotated \(key.name): version \(version)"
    }
}

struct KeyActivate: KeyChange {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Create the first version of a key in pre-activation.",
        discussion: "Example: kms key activate payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/activate" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Activated \(key.name): version \(key.defaultVersion ?? 1)"
    }
}

struct KeyEnable: KeyChange {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Allow a disabled key to be used again.",
        discussion: "Example: kms key enable payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/enable" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String { "Enabled \(key.name)" }
}

struct KeyDisable: KeyChange {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Forbid all use of a key until it is enabled again.",
        discussion: "Example: kms key disable payroll --reason keyCompromise --dry-run")

    @OptionGroup var key: KeyArgument
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/disable" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Disabled \(key.name); enable it with 'kms key enable \(key.name)'"
    }
}

struct KeyCancelDeletion: KeyChange {
    static let configuration = CommandConfiguration(
        commandName: "cancel-deletion", abstract: "Cancel the deletion of a key; it stays disabled.",
        discussion: "Example: kms key cancel-deletion payroll && kms key enable payroll")

    @OptionGroup var key: KeyArgument
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func path(_ key: String) -> String { APIPath.key(key) + "/cancel-deletion" }

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Cancelled the deletion of \(key.name); it is disabled until 'kms key enable \(key.name)'"
    }
}
