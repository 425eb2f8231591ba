import ArgumentParser
import FoundationEssentials
import KMSClient
import SecretMemory

struct EncryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt up to 4096 bytes.",
        discussion:
            "Reads standard input, writes standard output.\n\nExample: printf %s \"$PASSWORD\" | kms encrypt payroll --context use=db \\\n    > password.kms"
    )

    @Argument(help: "The key's name, alias or id; omit it with --public-key.", completion: .keys)
    var key: String?

    @Option(help: "For RSA keys: RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1. [RSAES_OAEP_SHA_256]")
    var padding: String?

    @Option(help: "Encrypt locally, without the service, under the RSA public key in this file; writes base64.")
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
        if output.json { return try JSONText.write(answer) }
        try streams.write(answer.ciphertextText + "\n")
    }

    private func namedKey() throws(Failure) -> String {
        guard let key else { throw Failure(.input, "no key: name one, or use --public-key") }
        return key
    }

    private func encryptHere(by file: String) throws {
        guard key == nil, context.pairs.isEmpty, !output.json else {
            throw Failure(.input, "--public-key excludes a key, --context and --json")
        }
        try options.requireUnused(with: "--public-key")
        let ciphertext = try OfflineKey(file: file).encrypt(try streams.read(), padding: padding)
        try streams.write(Data(ciphertext).base64EncodedString() + "\n")
    }
}

struct DecryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt a ciphertext.",
        discussion: """
            Reads standard input, writes standard output. Accepts the text form (kms:1:…) and base64. The ciphertext names its key and \
            version.

            Example: kms decrypt --context use=db < password.kms
            """)

    @Argument(
        help: "The key that must have encrypted it, by name, alias or id. [any key of the project]", completion: .keys)
    var key: String?

    // The earlier form of the argument.
    @Option(name: .customLong("key"), help: .hidden)
    var oldKey: String?

    @Option(help: "For an RSA ciphertext in base64: RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1; requires a key.")
    var padding: String?

    @Option(help: "For an RSA ciphertext in base64: the version of the key. [the default version]")
    var version: UInt32?

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<DecryptAnswer> {
        if oldKey != nil { RenamedOption.note("--key", "the argument KEY") }
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return .decrypt(
            text, key: key ?? oldKey, context: try context.context(), padding: padding, version: version)
    }

    func show(_ answer: DecryptAnswer) throws {
        if output.json { try JSONText.write(answer) } else { try streams.write(answer.plaintext.bytes) }
    }
}
