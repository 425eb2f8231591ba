import ArgumentParser
import PKCS11
import TokenPKCS11

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Initialise, list and probe PKCS#11 tokens.",
        subcommands: [TokenInit.self, TokenList.self, TokenProbe.self])
}

struct TokenInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Initialise the token in a free slot and set its PINs.",
        discussion: """
            Uses the module in the token URI. Overwrites nothing: fails if the slot's token is initialised or another token has the label.

            Example: kms token init kms --so-pin-source file:so-pin \\
                --user-pin-source file:pin \\
                --token-uri 'pkcs11:token=kms?module-path=/usr/lib/softhsm/libsofthsm2.so'
            """)

    @Argument(help: "The label of the token, 1 to 32 bytes.")
    var label: String

    @Option(help: "The security officer's PIN: file:PATH or fd:NUMBER.")
    var soPinSource: String

    @Option(help: "The user's PIN: file:PATH or fd:NUMBER. [the pin-source of the token URI]")
    var userPinSource: String?

    @Option(help: "The slot. [the first whose token is not initialised]")
    var slot: UInt?

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let uri = try Configuration.uri(try options.settings())
            guard let userPIN = userPinSource ?? uri.pinSource else {
                throw Failure(.configuration, "no user PIN: set --user-pin-source or pin-source in the token URI")
            }
            let token = try await TokenAdministration.initializeToken(
                uri, label: label, slotID: slot, securityOfficerPIN: PINSource(soPinSource), userPIN: PINSource(userPIN)
            )
            try output.show(
                TokenJSON(token),
                as: "Initialised token '\(token.label)' (serial \(token.serialNumber), slot \(token.slotID))\n")
        }
    }
}

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens of the module, or of p11-kit's modules.",
        discussion: "Example: kms token list --token-uri \\\n    'pkcs11:?module-path=/usr/lib/softhsm/libsofthsm2.so'")

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let tokens = try await TokenAdministration.tokens(for: Configuration.uri(try options.settings()))
            if output.json {
                try JSONText.write(tokens.map(TokenJSON.init))
                return
            }
            var table = Table("SLOT", "LABEL", "SERIAL", "MANUFACTURER", "MODEL", "STATE")
            for token in tokens {
                table.add(
                    "\(token.slotID)", .text(token.isInitialized ? token.label : "-"),
                    .text(token.serialNumber.isEmpty ? "-" : token.serialNumber), .text(token.manufacturer),
                    .text(token.model), .text(token.state))
            }
            try StandardOutput.write(table.text(in: .ofStandardOutput(isWide: true)))
        }
    }
}

extension TokenSummary {
    fileprivate var state: String {
        if !isInitialized { return "free" }
        if isPINLocked { return "PIN locked" }
        return hasUserPIN ? "ready" : "no user PIN"
    }
}

private struct TokenJSON: Encodable {
    let slot: UInt
    let label: String
    let serial: String
    let manufacturer: String
    let model: String
    let firmware: String
    let state: String

    init(_ token: TokenSummary) {
        slot = token.slotID
        label = token.label
        serial = token.serialNumber
        manufacturer = token.manufacturer
        model = token.model
        firmware = token.firmware
        state = token.state
    }
}
