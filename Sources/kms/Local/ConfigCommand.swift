import ArgumentParser
import FoundationEssentials
import HTTPServing
import PKCS11
import TokenPKCS11

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration.",
        subcommands: [ConfigCheck.self])
}

struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check all settings, and print their origin.",
        discussion: """
            Changes nothing and does not log in, so no PIN is tried. Checks each value, the TLS files, the module, the PIN's file, that \
            exactly one token matches, and that the store can be opened.

            Example: kms config check --config /etc/kms/kms.yaml
            """)

    @OptionGroup var view: ViewOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            let settings = try options.settings()
            if let uri = try? Configuration.uri(settings) { try checkPIN(of: uri) }
            try view.output.show(Self.list(settings), as: Self.text(settings, view.style))
            let configuration = try Configuration(settings)
            try checkTLS(configuration.api.tls)
            _ = try await TokenAdministration.locate(configuration.token.uri)
            try configuration.store.requireInitialized()
            if !view.output.json { try StandardOutput.write("\nthe configuration is valid\n") }
        }
    }

    private func checkPIN(of uri: PKCS11URI) throws {
        guard uri.pinValue == nil else {
            throw Failure(.configuration, "token.uri has a pin-value; use pin-source=file:PATH or fd:NUMBER")
        }
        guard let source = uri.pinSource else { throw Failure(.configuration, "token.uri has no pin-source") }
        switch try PINSource(source) {
        case .descriptor: return
        case .file(let path):
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw Failure(.configuration, "the PIN's file \(path) cannot be read")
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard let mode = attributes[.posixPermissions] as? Int, mode & 0o007 == 0 else {
                throw Failure(.configuration, "the PIN's file \(path) is open to everybody; chmod it to 0600 or 0640")
            }
        }
    }

    private func checkTLS(_ settings: TLSSettings?) throws(Failure) {
        do {
            try settings?.check()
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }

    private static func list(_ settings: Settings) -> [String: [String: String]] {
        var list: [String: [String: String]] = [:]
        for setting in Setting.allCases {
            let entry = settings[setting]
            list[setting.rawValue] = ["value": entry?.text ?? "", "origin": entry?.origin ?? "not set"]
        }
        return list
    }

    private static func text(_ settings: Settings, _ style: TextStyle) -> String {
        var table = Table("SETTING", "VALUE", "FROM")
        for setting in Setting.allCases {
            table.add(
                .text(setting.rawValue), settings[setting].map { .free($0.text) } ?? .none(),
                settings[setting].map { .free($0.origin) } ?? .none("not set"))
        }
        return table.text(in: style)
    }
}
