import ArgumentParser
import KMSClient

/// A change of one version of a key, which the arguments name.
protocol VersionChange: ChangeCommand {
    var version: VersionArguments { get }

    /// The last part of the path.
    static var action: String { get }
}

extension VersionChange {
    var keyReference: String { version.key.reference }

    func path(_ key: String) -> String { APIPath.version(version.number, of: key) + "/" + Self.action }

    /// The version's name in a sentence.
    func name(_ key: KeyAnswer) -> String { "version \(version.number) of \(key.name)" }
}

struct VersionActivate: VersionChange {
    static let action = "activate"
    static let configuration = CommandConfiguration(
        commandName: action, abstract: "Make a deactivated version the default again.",
        discussion: "The version that was the default is deactivated.\n\nExample: kms version activate payroll 1")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String { "Activated \(name(key)), the default version now" }
}

struct VersionDeactivate: VersionChange, IrreversibleChange {
    static let action = "deactivate"
    static let configuration = CommandConfiguration(
        commandName: action, abstract: "End encryption with a version; it still decrypts.",
        discussion: """
            Only the active version can be deactivated. The key cannot encrypt or sign until a version is activated or the key is rotated.

            Example: kms version deactivate payroll 2
            """)

    @OptionGroup var version: VersionArguments
    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Deactivated \(name(key)); the key has no active version until 'kms key rotate \(key.name)'"
    }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Key '\(key.name)' has no other active version: it cannot encrypt or sign until a version is activated."
    }
}

struct VersionScheduleDestruction: VersionChange, IrreversibleChange {
    static let action = "schedule-destruction"
    static let configuration = CommandConfiguration(
        commandName: action, abstract: "Forbid all use of a version, and destroy it later.",
        discussion: """
            The version is destroyed after a waiting period. Until then, 'kms version cancel-destruction' cancels it.

            Example: kms version schedule-destruction payroll 1 --days 30 \\
                --reason superseded --dry-run
            """)

    @OptionGroup var version: VersionArguments

    @Option(help: "The waiting period in days. [the service's setting]")
    var days: Int?

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Scheduled the destruction of \(name(key))\(key.dueText(key.version?.destroyAt, style)); "
            + "cancel it with 'kms version cancel-destruction \(key.name) \(version.number)'"
    }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "If you confirm, no operation can use \(name(key)) any longer, and its material is destroyed\(key.dueText(key.version?.destroyAt, style))."
    }
}

struct VersionCancelDestruction: VersionChange {
    static let action = "cancel-destruction"
    static let configuration = CommandConfiguration(
        commandName: action, abstract: "Cancel a scheduled destruction; the version is deactivated.",
        discussion: "Example: kms version cancel-destruction payroll 1")

    @OptionGroup var version: VersionArguments
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ClientOptions

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "Cancelled the destruction of \(name(key)), which can decrypt again"
    }
}

struct VersionDestroy: VersionChange, IrreversibleChange {
    static let action = "destroy"
    static let configuration = CommandConfiguration(
        commandName: action, abstract: "Destroy a version whose waiting period is over.",
        discussion: """
            The service destroys it without this command as well. Data encrypted under the version is lost.

            Example: kms version destroy payroll 1
            """)

    @OptionGroup var version: VersionArguments
    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String { "Destroyed \(name(key))" }

    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String {
        "The material of \(name(key)) is destroyed at once. Data encrypted under it is lost."
    }
}
