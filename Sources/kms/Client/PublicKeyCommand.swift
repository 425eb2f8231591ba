import ArgumentParser
import FoundationEssentials

struct PublicKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key", abstract: "Show the public half of a key.",
        discussion: "Example: kms public-key releases > releases.pem")

    @Argument(help: "The key's name, alias or id.")
    var key: String

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

    func run() async throws {
        try await reporting {
            let base = version.map { PathText.version($0, of: key) } ?? PathText.key(key)
            try hand(over: try await options.client().get(base + "/public-key"))
        }
    }

    @inline(never)
    private func hand(over answer: PublicKeyAnswer) throws {
        if json { return try JSONText.write(answer) }
        switch format {
        case .pem: try write(Data(answer.pem.utf8))
        case .jwk:
            guard output == nil else { return try write(try JSONEncoder().encode(answer.jwk)) }
            try JSONText.write(answer.jwk)
        case .der:
            guard let der = Data(base64Encoded: answer.der) else {
                throw Failure(.other, "the service's answer is not base64")
            }
            try write(der)
        }
    }

    private func write(_ data: Data) throws {
        try data.withUnsafeBytes { bytes in
            if let output { try PrivateFile.create(output, bytes) } else { try StandardOutput.write(bytes) }
        }
    }
}
