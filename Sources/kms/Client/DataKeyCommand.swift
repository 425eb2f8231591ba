import ArgumentParser
import KMSClient
import SecretMemory

struct DataKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-key", abstract: "Issue data keys.",
        subcommands: [DataKeyCreate.self, DataKeyOld.self], defaultSubcommand: DataKeyOld.self)
}

struct DataKeyOld: RenamedCommand {
    static let newName = "data-key create KEY"
    static let configuration = CommandConfiguration.renamed("issue", to: newName)

    @OptionGroup var command: DataKeyCreate
}

struct DataKeyCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Issue a data key, in plaintext and encrypted.",
        discussion: """
            Encrypt data with the plaintext, delete it, and keep the ciphertext next to the data. 'kms decrypt' returns the plaintext.

            Example: kms data-key create payroll --plaintext-out key.bin \\
                --ciphertext-out key.kms
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "AES_256 or AES_128. [AES_256]")
    var spec: String?

    @Option(help: "A length in bytes, 1 to 1024, instead of an AES key.")
    var bytes: Int?

    @Flag(help: "Issue only the ciphertext, to be decrypted later.")
    var withoutPlaintext = false

    @Option(help: "Write the plaintext, raw, to this new file with mode 0600.")
    var plaintextOut: String?

    @Option(help: "Write the ciphertext, as text, to this new file with mode 0600.")
    var ciphertextOut: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    func check() throws {
        guard plaintextOut == nil || !withoutPlaintext else {
            throw Failure(.input, "--plaintext-out and --without-plaintext exclude each other")
        }
        try PrivateFile.requireAbsent([plaintextOut, ciphertextOut])
    }

    func request() throws -> KMSRequest<DataKeyAnswer> {
        .issueDataKey(
            for: key.reference, size: DataKeySize(keySpec: spec, bytes: bytes), context: try context.context(),
            includesPlaintext: !withoutPlaintext)
    }

    func show(_ answer: DataKeyAnswer) throws {
        if let ciphertextOut {
            try Array(answer.ciphertextText.utf8).withUnsafeBytes { try PrivateFile.create(ciphertextOut, $0) }
        }
        var shown = answer
        if let plaintextOut {
            guard let plaintext = answer.plaintext else {
                throw Failure(.input, "the service issued no plaintext for \(plaintextOut)")
            }
            try plaintext.bytes.withUnsafeBytes { try PrivateFile.create(plaintextOut, $0) }
            // A plaintext that was written to a file is not shown.
            shown.plaintext = nil
        }
        try output.show(shown, as: text(of: shown))
    }

    private func text(of answer: DataKeyAnswer) -> String {
        if let ciphertextOut, answer.plaintext == nil {
            let plaintext = plaintextOut.map { "plaintext in \($0), " } ?? ""
            return
                "Issued a data key under \(key.reference), version \(answer.version): \(plaintext)ciphertext in \(ciphertextOut)\n"
        }
        var table = PropertyTable()
        table.add("key", "\(answer.keyId) version \(answer.version)")
        table.add("plaintext", ifAny: answer.plaintext?.revealedText)
        if ciphertextOut == nil { table.add("ciphertext", answer.ciphertextText) }
        return table.text(in: output.style)
    }
}

extension Base64Secret {
    /// The secret as base64, to be shown.
    var revealedText: String { text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
