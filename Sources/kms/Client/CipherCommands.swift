import ArgumentParser
import FoundationEssentials
import KeyManagement

struct EncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt up to 4096 bytes with a key: standard input to standard output.",
        discussion: "Example: printf %s \"$PASSWORD\" | kms encrypt invoices --context use=db > password.kms")

    @Argument(help: "The key's name, alias or id; leave it out with --public-key.")
    var key: String?

    @Option(help: "For RSA keys: RSAES_OAEP_SHA_256 (the standard) or RSAES_OAEP_SHA_1.")
    var padding: String?

    @Option(help: "A file with an RSA public key: encrypt here, without the service. The ciphertext is bare base64.")
    var publicKey: String?

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of the ciphertext's text.")
    var json = false

    private struct Body: Encodable {
        let plaintext: String
        let context: TextPairs?
        let padding: String?
    }

    func run() async throws {
        try await reporting { try await encrypt() }
    }

    private func encrypt() async throws {
        if let publicKey { return try encryptHere(by: publicKey) }
        guard let key else { throw Failure(.input, "name a key, or --public-key") }
        try hand(over: try await options.client().post(PathText.key(key) + "/encrypt", try body()))
    }

    // Not inlined, here and below: Swift 6.3.1 crashes in release mode when it splits a coroutine that contains these.
    @inline(never)
    private func body() throws -> Body {
        Body(
            plaintext: try streams.read().base64EncodedString(), context: try context.context(), padding: padding)
    }

    @inline(never)
    private func encryptHere(by file: String) throws {
        guard key == nil, context.pairs.isEmpty, !json else {
            throw Failure(.input, "--public-key goes with neither a key, nor a context, nor --json")
        }
        try options.requireUnused(with: "--public-key")
        let ciphertext = try OfflineKey(file: file).encrypt(try streams.read(), padding: padding)
        try streams.write(Data((Data(ciphertext).base64EncodedString() + "\n").utf8))
    }

    @inline(never)
    private func hand(over answer: EncryptAnswer) throws {
        if json {
            try JSONText.write(answer)
        } else {
            try streams.write(Data((answer.ciphertextText + "\n").utf8))
        }
    }
}

struct DecryptCommand: AsyncParsableCommand {
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

    private struct Body: Encodable {
        let ciphertext: String
        let context: TextPairs?
        let padding: String?
        let version: UInt32?
    }

    func run() async throws {
        try await reporting { try await decrypt() }
    }

    private func decrypt() async throws {
        let path = key.map { PathText.key($0) + "/decrypt" } ?? "/api/v1/decrypt"
        try hand(over: try await options.client().post(path, try body()))
    }

    @inline(never)
    private func body() throws -> Body {
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return Body(ciphertext: text, context: try context.context(), padding: padding, version: version)
    }

    @inline(never)
    private func hand(over answer: DecryptAnswer) throws {
        guard let plaintext = Data(base64Encoded: answer.plaintext) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        if json { try JSONText.write(answer) } else { try streams.write(plaintext) }
    }
}
