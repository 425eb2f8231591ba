import ArgumentParser
import FoundationEssentials
import KMSClient
import SecretMemory

struct EncryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt up to 4096 bytes with a key: standard input to standard output.",
        discussion: "Example: printf %s \"$PASSWORD\" | kms encrypt invoices --context use=db > password.kms")

    @Argument(help: "The key's name, alias or id; leave it out with --public-key.", completion: .keys)
    var key: String?

    @Option(help: "For RSA keys: RSAES_OAEP_SHA_256 (the standard) or RSAES_OAEP_SHA_1.")
    var padding: String?

    @Option(help: "A file with an RSA public key: encrypt here, without the service. The ciphertext is bare base64.")
    var publicKey: String?

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let publicKey else { return try await callService() }
        try await reporting { try apart { try encryptHere(by: publicKey) } }
    }

    func request() throws -> KMSRequest<EncryptAnswer> {
        .encrypt(
            try streams.readSecret(), with: try namedKey(), context: try context.context(), padding: padding)
    }

    func check() throws { _ = try namedKey() }

    func show(_ answer: EncryptAnswer) throws {
        if output.json {
            try JSONText.write(answer)
        } else {
            try streams.write(answer.ciphertextText + "\n")
        }
    }

    private func namedKey() throws(Failure) -> String {
        guard let key else { throw Failure(.input, "name a key, or --public-key") }
        return key
    }

    private func encryptHere(by file: String) throws {
        guard key == nil, context.pairs.isEmpty, !output.json else {
            throw Failure(.input, "--public-key goes with neither a key, nor a context, nor --json")
        }
        try options.requireUnused(with: "--public-key")
        let ciphertext = try OfflineKey(file: file).encrypt(try streams.read(), padding: padding)
        try streams.write(Data(ciphertext).base64EncodedString() + "\n")
    }
}

struct DecryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt a ciphertext: standard input to standard output.",
        discussion: """
            Takes the text form (kms:1:…) or base64. The ciphertext names its own key and version.

            Example: kms decrypt --context use=db < password.kms
            """)

    @Option(help: "The key that must have made the ciphertext, by name or id; else any key of the project may have.")
    var key: String?

    @Option(help: "For a bare RSA ciphertext: RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1; needs --key.")
    var padding: String?

    @Option(help: "The version of the RSA key, for a bare ciphertext; else the default one.")
    var version: UInt32?

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON (the plaintext in base64) instead of the bare plaintext.")
    var json = false

    func request() throws -> KMSRequest<DecryptAnswer> {
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return .decrypt(text, key: key, context: try context.context(), padding: padding, version: version)
    }

    func show(_ answer: DecryptAnswer) throws {
        if json { try JSONText.write(answer) } else { try streams.write(answer.plaintext.bytes) }
    }
}
