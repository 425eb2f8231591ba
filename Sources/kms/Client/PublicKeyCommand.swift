import ArgumentParser
import FoundationEssentials
import KMSClient

struct PublicKeyCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key", abstract: "Show the public half of a key.",
        discussion: "Example: kms public-key releases > releases.pem")

    @OptionGroup var key: KeyArgument

    @Option(help: "The version; else the default one.")
    var version: UInt32?

    @Option(help: "pem, der or jwk.")
    var format: Format = .pem

    @Option(name: .customLong("out"), help: "Write to this new file instead of standard output.")
    var output: String?

    @Flag(help: "JSON with everything.")
    var json = false

    @OptionGroup var options: ClientOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pem
        case der
        case jwk
    }

    func request() -> KMSRequest<PublicKeyAnswer> { .publicKey(of: key.reference, version: version) }

    func show(_ answer: PublicKeyAnswer) throws {
        if json { return try JSONText.write(answer) }
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
