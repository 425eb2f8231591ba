import ArgumentParser
import KMSClient
import SecretMemory

struct DataKeyPairCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-key-pair",
        abstract: "Issue a key pair: its private half once in plaintext, and encrypted to keep.",
        discussion: """
            The private half is PKCS #8 in DER; 'kms decrypt' gives it back.

            Example: kms data-key-pair invoices --algorithm EC-P256 --private-out key.der --public-out key.pub.der
            """)

    @Argument(help: "The AES key that encrypts the private half, by name, alias or id.")
    var key: String

    @Option(help: "RSA-2048, RSA-3072, RSA-4096, EC-P256, EC-P384, EC-P521 or EC-SECP256K1.")
    var algorithm: String

    @Flag(help: "Issue the private half encrypted only, for somebody else to decrypt later.")
    var withoutPlaintext = false

    @Option(help: "Write the private half, DER, to this new file (mode 0600).")
    var privateOut: String?

    @Option(help: "Write the public half, DER, to this new file.")
    var publicOut: String?

    @Option(help: "Write the ciphertext of the private half, as text, to this new file.")
    var ciphertextOut: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    func check() throws {
        guard privateOut == nil || !withoutPlaintext else {
            throw Failure(.input, "--private-out and --without-plaintext contradict each other")
        }
        try PrivateFile.requireAbsent([privateOut, publicOut, ciphertextOut])
    }

    func request() throws -> KMSRequest<DataKeyPairAnswer> {
        .issueDataKeyPair(
            for: key, algorithm: algorithm, context: try context.context(), includesPlaintext: !withoutPlaintext)
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
        return table.text
    }
}
