import ArgumentParser
import KMSClient
import SecretMemory

struct DataKeyCommand: RequestCommand {
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

    @OptionGroup var output: OutputOptions

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    func check() throws {
        guard plaintextOut == nil || !withoutPlaintext else {
            throw Failure(.input, "--plaintext-out and --without-plaintext contradict each other")
        }
        try PrivateFile.requireAbsent([plaintextOut, ciphertextOut])
    }

    func request() throws -> KMSRequest<DataKeyAnswer> {
        .issueDataKey(
            for: key, size: DataKeySize(keySpec: spec, bytes: bytes), context: try context.context(),
            includesPlaintext: !withoutPlaintext)
    }

    func show(_ answer: DataKeyAnswer) throws {
        if let ciphertextOut {
            try Array(answer.ciphertextText.utf8).withUnsafeBytes { try PrivateFile.create(ciphertextOut, $0) }
        }
        var shown = answer
        if let plaintextOut {
            guard let plaintext = answer.plaintext else {
                throw Failure(.input, "there is no plaintext to write to \(plaintextOut)")
            }
            try plaintext.bytes.withUnsafeBytes { try PrivateFile.create(plaintextOut, $0) }
            // A plaintext that was written to a file is not shown.
            shown.plaintext = nil
        }
        try output.show(shown, as: text(of: shown))
    }

    private func text(of answer: DataKeyAnswer) -> String {
        var table = PropertyTable()
        table.add("key", "\(answer.keyId) version \(answer.version)")
        table.add("plaintext", ifAny: answer.plaintext?.revealedText)
        if ciphertextOut == nil { table.add("ciphertext", answer.ciphertextText) }
        return table.text
    }
}

extension Base64Secret {
    /// The secret as base64, to be shown.
    var revealedText: String { text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
