import ArgumentParser
import FoundationEssentials

/// The flags of all commands that read the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The configuration file. Else KMS_CONFIG, else /etc/kms/kms.yaml if there is one.")
    var config: String?

    @Option(help: "The token's PKCS#11 URI (RFC 7512), instead of the configured one.")
    var tokenURI: String?

    @Option(help: "The path of the store, instead of the configured one.")
    var store: String?

    /// What the configuration file, the environment and these flags say together.
    func settings(_ more: [Setting: String] = [:]) throws(Failure) -> Settings {
        var flags = more
        if let tokenURI { flags[.tokenURI] = tokenURI }
        if let store { flags[.storePath] = store }
        return try Settings(file: file, environment: ProcessInfo.processInfo.environment, flags: flags)
    }

    private var file: String? {
        if let config { return config }
        if let path = ProcessInfo.processInfo.environment["KMS_CONFIG"] { return path }
        return FileManager.default.fileExists(atPath: Self.standardPath) ? Self.standardPath : nil
    }

    private static let standardPath = "/etc/kms/kms.yaml"
}
