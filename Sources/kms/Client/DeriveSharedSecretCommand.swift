import ArgumentParser
import KMSClient
import LibCrypto
import SecretMemory

struct DeriveSharedSecretCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive-shared-secret",
        abstract: "Agree on a shared secret with a public key (ECDH).",
        discussion: """
            The key must have the usage keyAgreement. The other side derives the same secret from the output of 'kms public-key show KEY'. The \
            secret is the bare coordinate of 32, 48 or 66 bytes: derive a key from it before use (NIST SP 800-56C).

            Example: kms derive-shared-secret agreement --public-key partner.pem \\
                --out secret.bin
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "The file with the other side's public key, PEM or DER, on the same curve.")
    var publicKey: String

    @Option(help: "The version whose public key the other side has. [the default version]")
    var version: UInt32?

    @Option(name: .customLong("out"), help: "Write to this new file with mode 0600 instead of standard output.")
    var output: String?

    @OptionGroup var printing: OutputOptions
    @OptionGroup var options: ClientOptions

    func request() throws -> KMSRequest<AgreedSecretAnswer> {
        .deriveSharedSecret(
            with: key.reference, publicKey: Array(try OfflineKey(file: publicKey).key.der), version: version)
    }

    func show(_ answer: AgreedSecretAnswer) throws {
        if printing.json { return try JSONText.write(answer) }
        try answer.secret.bytes.withUnsafeBytes { try OutputFile.write($0, to: output) }
    }
}
