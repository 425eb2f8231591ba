import ArgumentParser
import FoundationEssentials
import KMSClient
import SecretMemory

struct ReEncryptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Re-encrypt a ciphertext under another key or version.",
        discussion: """
            Reads standard input, writes standard output. The plaintext does not leave the service. The key's default version encrypts.

            Example: kms re-encrypt payroll --source-context use=db --context use=db \\
                < old.kms > new.kms
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "A pair NAME=VALUE of the present encryption context; may be repeated.")
    var sourceContext: [String] = []

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<ReEncryptAnswer> {
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return .reEncrypt(
            text, under: key.reference, sourceContext: try PairOptions.pairs(sourceContext, of: "--source-context"),
            context: try context.context())
    }

    func show(_ answer: ReEncryptAnswer) throws {
        if output.json { try JSONText.write(answer) } else { try streams.write(answer.ciphertextText + "\n") }
    }
}

struct RandomCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "random", abstract: "Print random bytes from the token's generator.",
        discussion: "Writes raw bytes to --out, or base64 to standard output.\n\nExample: kms random 32")

    @Argument(help: "The number of bytes, 1 to 1024.")
    var bytes: Int

    @Option(name: .customLong("out"), help: "Write the bytes to this new file with mode 0600.")
    var output: String?

    @OptionGroup var printing: OutputOptions
    @OptionGroup var options: ClientOptions

    func check() throws {
        guard output == nil || !printing.json else { throw Failure(.input, "--out and --json exclude each other") }
    }

    func request() -> KMSRequest<RandomAnswer> { .random(byteCount: bytes) }

    func show(_ answer: RandomAnswer) throws {
        if printing.json { return try JSONText.write(answer) }
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
        commandName: "batch", abstract: "Perform up to 1,000 operations in one request.",
        discussion: """
            Standard input is the request's body: {"items": [{…}, …]}, where each item is the body of a single request. Prints JSON: one \
            result for each item, in the same order. An item that failed has a code and a message, and does not affect the others.

            Example: echo '{"items": [{}, {"bytes": 16}]}' | kms batch data-key payroll
            Example: kms batch decrypt < ciphertexts.json
            """)

    @Argument(help: "data-key, encrypt, decrypt, re-encrypt, sign, verify, hmac or verify-hmac.")
    var verb: Verb

    @Argument(help: "The key's name, alias or id; optional for decrypt.", completion: .keys)
    var key: String?

    @OptionGroup var streams: DataStreams
    // The output is JSON without it, too.
    @OptionGroup var output: OutputOptions
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
        guard verb == .decrypt else { throw Failure(.input, "no key: name one after '\(verb.rawValue)'") }
        return "/api/v1/batch/decrypt"
    }
}
