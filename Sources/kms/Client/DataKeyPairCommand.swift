import ArgumentParser
import FoundationEssentials
import KeyManagement

struct DataKeyPairCommand: AsyncParsableCommand {
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

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var context: ContextOption
    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let algorithm: String
        let context: TextPairs?
        let plaintext: Bool?
    }

    func run() async throws {
        try await reporting {
            try check()
            let body = Body(
                algorithm: algorithm, context: try context.context(), plaintext: withoutPlaintext ? false : nil)
            try hand(over: try await options.client().post(PathText.key(key) + "/data-key-pair", body))
        }
    }

    private func check() throws(Failure) {
        guard privateOut == nil || !withoutPlaintext else {
            throw Failure(.input, "--private-out and --without-plaintext contradict each other")
        }
        for path in [privateOut, publicOut, ciphertextOut].compactMap({ $0 })
        where FileManager.default.fileExists(atPath: path) {
            throw Failure(.configuration, "\(path) exists already; it is not overwritten")
        }
    }

    @inline(never)
    private func hand(over answer: DataKeyPairAnswer) throws {
        if let ciphertextOut {
            try Array(answer.ciphertextText.utf8).withUnsafeBytes { try PrivateFile.create(ciphertextOut, $0) }
        }
        try store(answer.publicKey, in: publicOut)
        if let privateKey = answer.privateKey { try store(privateKey, in: privateOut) }
        // A private key that was written to a file is not shown.
        let shown = privateOut == nil ? answer.privateKey : nil
        if json {
            try JSONText.write(
                DataKeyPairAnswer(
                    keyId: answer.keyId, version: answer.version, publicKey: answer.publicKey, privateKey: shown,
                    ciphertext: answer.ciphertext, ciphertextText: answer.ciphertextText))
            return
        }
        var sheet = Sheet()
        sheet.add("key", "\(answer.keyId) version \(answer.version)")
        if publicOut == nil { sheet.add("public key", answer.publicKey) }
        if let shown { sheet.add("private key", shown) }
        if ciphertextOut == nil { sheet.add("ciphertext", answer.ciphertextText) }
        try StandardOutput.write(sheet.text)
    }

    private func store(_ text: String, in path: String?) throws {
        guard let path else { return }
        guard let data = Data(base64Encoded: text) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        try data.withUnsafeBytes { try PrivateFile.create(path, $0) }
    }
}
