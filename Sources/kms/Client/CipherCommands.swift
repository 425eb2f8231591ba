import ArgumentParser
import FoundationEssentials

struct EncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt up to 4096 bytes with a key: standard input to standard output.",
        discussion: "Example: printf %s \"$PASSWORD\" | kms encrypt invoices --context use=db > password.kms")

    @Argument(help: "The key's name or id.")
    var key: String

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of the ciphertext's text.")
    var json = false

    private struct Body: Encodable {
        let plaintext: String
        let context: [String: String]?
    }

    func run() async throws {
        try await reporting { try await encrypt() }
    }

    private func encrypt() async throws {
        try hand(over: try await options.client().post(PathText.key(key) + "/encrypt", try body()))
    }

    // Not inlined, here and below: Swift 6.3.1 crashes in release mode when it splits a coroutine with these in it.
    @inline(never)
    private func body() throws -> Body {
        Body(plaintext: try streams.read().base64EncodedString(), context: try context.context())
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

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON (the plaintext in base64) instead of the bare plaintext.")
    var json = false

    private struct Body: Encodable {
        let ciphertext: String
        let context: [String: String]?
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
        let text = String(decoding: try streams.read(), as: UTF8.self).filter { !$0.isWhitespace }
        return Body(ciphertext: text, context: try context.context())
    }

    @inline(never)
    private func hand(over answer: DecryptAnswer) throws {
        guard let plaintext = Data(base64Encoded: answer.plaintext) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        if json { try JSONText.write(answer) } else { try streams.write(plaintext) }
    }
}
