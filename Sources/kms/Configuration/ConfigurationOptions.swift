import ArgumentParser
import FoundationEssentials

// Each command declares only the option groups that it uses, so that an option that does not apply is an unknown option.

/// The options of commands that read the configuration and use token and store.
struct ConfigurationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationFileOption
    @OptionGroup var token: TokenURIOption
    @OptionGroup var store: StoreOption

    /// Returns the settings from the configuration file, the environment and these flags.
    func settings(_ more: [Setting: String] = [:]) throws(Failure) -> Settings {
        try file.settings(more.merging(token.flags) { $1 }.merging(store.flags) { $1 })
    }

    var isUnused: Bool { file.config == nil && token.flags.isEmpty && store.flags.isEmpty }
}

/// The options of commands that use the token alone.
struct TokenConfigurationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationFileOption
    @OptionGroup var token: TokenURIOption

    func settings() throws(Failure) -> Settings { try file.settings(token.flags) }
}

/// The options of commands that read the store's file, or the audit files beside it.
struct StoreConfigurationOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationFileOption
    @OptionGroup var store: StoreOption

    func settings() throws(Failure) -> Settings { try file.settings(store.flags) }

    var isUnused: Bool { file.config == nil && store.flags.isEmpty }
}

struct TokenURIOption: ParsableArguments {
    @Option(help: "The token's PKCS#11 URI (RFC 7512), instead of the configured one.")
    var tokenURI: String?

    var flags: [Setting: String] { tokenURI.map { [.tokenURI: $0] } ?? [:] }
}

struct StoreOption: ParsableArguments {
    @Option(help: "The path of the store, or its URL, instead of the configured one.")
    var store: String?

    var flags: [Setting: String] {
        guard let store else { return [:] }
        return StoreDatabase.isURL(store)
            ? [.storeURL: store, .storePath: ""] : [.storePath: store, .storeURL: ""]
    }
}

struct ConfigurationFileOption: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The configuration file. [KMS_CONFIG, or /etc/kms/kms.yaml]")
    var config: String?

    func settings(_ flags: [Setting: String]) throws(Failure) -> Settings {
        try Settings(file: file, environment: ProcessInfo.processInfo.environment, flags: flags)
    }

    private var file: String? {
        if let config { return config }
        if let path = ProcessInfo.processInfo.environment["KMS_CONFIG"] { return path }
        return FileManager.default.fileExists(atPath: Self.standardPath) ? Self.standardPath : nil
    }

    private static let standardPath = "/etc/kms/kms.yaml"
}
