import ArgumentParser
import FoundationEssentials
import KeyManagement

struct DataKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-key", abstract: "Issue a data key: once in plaintext, and encrypted to keep.",
        discussion: """
            Encrypt data with the plaintext, forget it, and keep the ciphertext beside the data; 'kms decrypt' gives the \
            plaintext back.

            Example: kms data-key invoices --plaintext-out key.bin --ciphertext-out key.kms
            """)

    @Argument(help: "The key's name or id.")
    var key: String

    @Option(help: "AES_256 (the standard) or AES_128.")
    var spec: String?

    @Option(help: "So many bytes, 1 to 1024, instead of an AES key.")
    var bytes: Int?

    @Flag(help: "Issue the ciphertext only, for somebody else to decrypt later.")
    var withoutPlaintext = false

    @Option(help: "Write the plaintext, raw, to this new file (mode 0600).")
    var plaintextOut: String?

    @Option(help: "Write the ciphertext, as text, to this new file (mode 0600).")
    var ciphertextOut: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let keySpec: String?
        let bytes: Int?
        let context: TextPairs?
        let plaintext: Bool?
    }

    func run() async throws {
        try await reporting {
            guard plaintextOut == nil || !withoutPlaintext else {
                throw Failure(.input, "--plaintext-out and --without-plaintext contradict each other")
            }
            for path in [plaintextOut, ciphertextOut].compactMap({ $0 })
            where FileManager.default.fileExists(atPath: path) {
                throw Failure(.configuration, "\(path) exists already; it is not overwritten")
            }
            let body = Body(
                keySpec: spec, bytes: bytes, context: try context.context(), plaintext: withoutPlaintext ? false : nil)
            try hand(over: try await options.client().post(PathText.key(key) + "/data-key", body))
        }
    }

    private func hand(over answer: DataKeyAnswer) throws {
        if let ciphertextOut {
            try Array(answer.ciphertextText.utf8).withUnsafeBytes { try PrivateFile.create(ciphertextOut, $0) }
        }
        if let plaintextOut {
            guard let text = answer.plaintext, let plaintext = Data(base64Encoded: text) else {
                throw Failure(.input, "there is no plaintext to write to \(plaintextOut)")
            }
            try plaintext.withUnsafeBytes { try PrivateFile.create(plaintextOut, $0) }
        }
        // A plaintext that was written to a file is not shown.
        let shown = plaintextOut == nil ? answer.plaintext : nil
        if json {
            try JSONText.write(
                DataKeyAnswer(
                    keyId: answer.keyId, version: answer.version, plaintext: shown, ciphertext: answer.ciphertext,
                    ciphertextText: answer.ciphertextText))
            return
        }
        var sheet = Sheet()
        sheet.add("key", "\(answer.keyId) version \(answer.version)")
        if let shown { sheet.add("plaintext", shown) }
        if ciphertextOut == nil { sheet.add("ciphertext", answer.ciphertextText) }
        try StandardOutput.write(sheet.text)
    }
}
