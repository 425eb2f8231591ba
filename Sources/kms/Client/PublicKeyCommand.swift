import ArgumentParser
import FoundationEssentials
import KMSClient

struct PublicKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key", abstract: "Show public keys.",
        subcommands: [PublicKeyShow.self, PublicKeyOld.self], defaultSubcommand: PublicKeyOld.self)
}

struct PublicKeyOld: RenamedCommand {
    static let newName = "public-key show KEY"
    static let configuration = CommandConfiguration.renamed("get", to: newName)

    @OptionGroup var command: PublicKeyShow
}

struct PublicKeyShow: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the public key of a key.",
        discussion: "Example: kms public-key show releases > releases.pem")

    @OptionGroup var key: KeyArgument

    @Option(help: "The version. [the default version]")
    var version: UInt32?

    @Option(help: "The format: pem, der or jwk.")
    var format: Format = .pem

    @Option(name: .customLong("out"), help: "Write to this new file instead of standard output.")
    var output: String?

    @OptionGroup var printing: OutputOptions
    @OptionGroup var options: ClientOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pem
        case der
        case jwk
    }

    func request() -> KMSRequest<PublicKeyAnswer> { .publicKey(of: key.reference, version: version) }

    func show(_ answer: PublicKeyAnswer) throws {
        if printing.json { return try JSONText.write(answer) }
        switch format {
        case .pem: try write(Array(answer.pem.utf8))
        case .jwk:
            guard output == nil else { return try write(Array(try JSONEncoder().encode(answer.jwk))) }
            try JSONText.write(answer.jwk)
        case .der: try write(answer.der.bytes)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try OutputFile.write($0, to: output) }
    }
}
