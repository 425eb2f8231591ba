import ArgumentParser
import FoundationEssentials
import KeyManagement

struct ReEncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Make of a ciphertext one under a key's default version; the plaintext stays in the service.",
        discussion: "Example: kms re-encrypt invoices --source-context use=db --context use=db < old.kms > new.kms")

    @Argument(help: "The key to encrypt under, by name, alias or id.")
    var key: String

    @Option(help: "A pair NAME=VALUE that the ciphertext is bound to now; may be repeated.")
    var sourceContext: [String] = []

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of the ciphertext's text.")
    var json = false

    private struct Body: Encodable {
        let ciphertext: String
        let sourceContext: TextPairs?
        let context: TextPairs?
    }

    func run() async throws {
        try await reporting {
            try hand(over: try await options.client().post(PathText.key(key) + "/re-encrypt", try body()))
        }
    }

    @inline(never)
    private func body() throws -> Body {
        let text = try InputText.read(try streams.read(), of: "the ciphertext").filter { !$0.isWhitespace }
        return Body(
            ciphertext: text, sourceContext: try ContextOption.pairs(sourceContext, of: "--source-context"),
            context: try context.context())
    }

    @inline(never)
    private func hand(over answer: ReEncryptAnswer) throws {
        if json { try JSONText.write(answer) } else { try streams.write(Data((answer.ciphertextText + "\n").utf8)) }
    }
}

struct RandomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "random", abstract: "Random bytes of the token's generator.",
        discussion: "Written raw to --out, or as base64 to standard output.\n\nExample: kms random 32")

    @Argument(help: "How many bytes, 1 to 1024.")
    var bytes: Int

    @Option(name: .customLong("out"), help: "Write the bytes to this new file (mode 0600).")
    var output: String?

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try hand(over: try await options.client().post("/api/v1/random", ["bytes": bytes]))
        }
    }

    @inline(never)
    private func hand(over answer: RandomAnswer) throws {
        guard let output else { return try StandardOutput.write(answer.plaintext + "\n") }
        guard let data = Data(base64Encoded: answer.plaintext) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        try data.withUnsafeBytes { try PrivateFile.create(output, $0) }
    }
}

struct BatchCommand: AsyncParsableCommand {
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

    @Argument(help: "The key's name, alias or id; may be left out for decrypt.")
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

    func run() async throws {
        try await reporting {
            try JSONText.write(
                try await options.client().post(json: try streams.read(atMost: DataStreams.batchLimit), to: try path()))
        }
    }

    private func path() throws(Failure) -> String {
        if let key { return PathText.key(key) + "/batch/" + verb.rawValue }
        guard verb == .decrypt else { throw Failure(.input, "name the key") }
        return "/api/v1/batch/decrypt"
    }
}
