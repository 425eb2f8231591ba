import ArgumentParser
import FoundationEssentials
import KMSClient
import SecretMemory

struct ReEncryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Make of a ciphertext one under a key's default version; the plaintext stays in the service.",
        discussion: "Example: kms re-encrypt invoices --source-context use=db --context use=db < old.kms > new.kms")

    @Argument(help: "The key to encrypt under, by name, alias or id.", completion: .keys)
    var key: String

    @Option(help: "A pair NAME=VALUE that the ciphertext is bound to now; may be repeated.")
    var sourceContext: [String] = []

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<ReEncryptAnswer> {
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return .reEncrypt(
            text, under: key, sourceContext: try PairOptions.pairs(sourceContext, of: "--source-context"),
            context: try context.context())
    }

    func show(_ answer: ReEncryptAnswer) throws {
        if output.json { try JSONText.write(answer) } else { try streams.write(answer.ciphertextText + "\n") }
    }
}

struct RandomCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "random", abstract: "Random bytes of the token's generator.",
        discussion: "Written raw to --out, or as base64 to standard output.\n\nExample: kms random 32")

    @Argument(help: "How many bytes, 1 to 1024.")
    var bytes: Int

    @Option(name: .customLong("out"), help: "Write the bytes to this new file (mode 0600).")
    var output: String?

    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<RandomAnswer> { .random(byteCount: bytes) }

    func show(_ answer: RandomAnswer) throws {
        if let output {
            try answer.plaintext.bytes.withUnsafeBytes { try PrivateFile.create(output, $0) }
        } else {
            try answer.plaintext.text.withUnsafeBytes { try StandardOutput.write($0) }
            try StandardOutput.write("\n")
        }
    }
}

struct BatchCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Do up to 1,000 of the same in one request.",
        discussion: """
            Standard input is the request's body: {"items": [{…}, …]}, each item as the verb's own body is. The results come in the \
            same order; what failed has a code and a message.

            Example: echo '{"items": [{}, {"bytes": 16}]}' | kms batch data-key invoices
            Example: kms batch decrypt < ciphertexts.json
            """)

    @Argument(help: "data-key, encrypt, decrypt, re-encrypt, sign, verify, hmac or verify-hmac.")
    var verb: Verb

    @Argument(help: "The key's name, alias or id; may be left out for decrypt.", completion: .keys)
    var key: String?

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case dataKey = "data-key"
        case encrypt
        case decrypt
        case reEncrypt = "re-encrypt"
        case sign
        case verify
        case hmac
        case verifyHMAC = "verify-hmac"
    }

    func request() throws -> KMSRequest<JSONValue> {
        KMSRequest(.post, try path(), body: .json([UInt8](try streams.read(atMost: DataStreams.batchLimit))))
    }

    func show(_ answer: JSONValue) throws { try JSONText.write(answer) }

    private func path() throws(Failure) -> String {
        if let key { return APIPath.key(key) + "/batch/" + verb.rawValue }
        guard verb == .decrypt else { throw Failure(.input, "name the key") }
        return "/api/v1/batch/decrypt"
    }
}
