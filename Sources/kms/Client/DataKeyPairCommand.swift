import ArgumentParser
import KMSClient
import SecretMemory

struct DataKeyPairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-key-pair", abstract: "Issue data key pairs.",
        subcommands: [DataKeyPairCreate.self, DataKeyPairOld.self], defaultSubcommand: DataKeyPairOld.self)
}

struct DataKeyPairOld: RenamedCommand {
    static let newName = "data-key-pair create KEY"
    static let configuration = CommandConfiguration.renamed("issue", to: newName)

    @OptionGroup var command: DataKeyPairCreate
}

struct DataKeyPairCreate: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Issue a key pair; the private key also encrypted.",
        discussion: """
            The private key is PKCS #8 in DER. 'kms decrypt' returns it from the ciphertext.

            Example: kms data-key-pair create payroll --algorithm EC-P256 \\
                --private-out key.der --public-out key.pub.der
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "RSA-2048, RSA-3072, RSA-4096, EC-P256, EC-P384, EC-P521 or EC-SECP256K1.")
    var algorithm: String

    @Flag(help: "Issue the private key encrypted only, to be decrypted later.")
    var withoutPlaintext = false

    @Option(help: "Write the private key, DER, to this new file with mode 0600.")
    var privateOut: String?

    @Option(help: "Write the public key, DER, to this new file.")
    var publicOut: String?

    @Option(help: "Write the ciphertext of the private key, as text, to this new file.")
    var ciphertextOut: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    func check() throws {
        guard privateOut == nil || !withoutPlaintext else {
            throw Failure(.input, "--private-out and --without-plaintext exclude each other")
        }
        try PrivateFile.requireAbsent([privateOut, publicOut, ciphertextOut])
    }

    func request() throws -> KMSRequest<DataKeyPairAnswer> {
        .issueDataKeyPair(
            for: key.reference, algorithm: algorithm, context: try context.context(),
            includesPlaintext: !withoutPlaintext)
    }

    func show(_ answer: DataKeyPairAnswer) throws {
        if let ciphertextOut {
            try Array(answer.ciphertextText.utf8).withUnsafeBytes { try PrivateFile.create(ciphertextOut, $0) }
        }
        if let publicOut { try answer.publicKey.bytes.withUnsafeBytes { try PrivateFile.create(publicOut, $0) } }
        var shown = answer
        if let privateOut {
            try answer.privateKey?.bytes.withUnsafeBytes { try PrivateFile.create(privateOut, $0) }
            // A private key that was written to a file is not shown.
            shown.privateKey = nil
        }
        try output.show(shown, as: text(of: shown))
    }

    private func text(of answer: DataKeyPairAnswer) -> String {
        var table = PropertyTable()
        table.add("key", "\(answer.keyId) version \(answer.version)")
        if publicOut == nil { table.add("public key", answer.publicKey.text) }
        table.add("private key", ifAny: answer.privateKey?.revealedText)
        if ciphertextOut == nil { table.add("ciphertext", answer.ciphertextText) }
        return table.text(in: output.style)
    }
}
