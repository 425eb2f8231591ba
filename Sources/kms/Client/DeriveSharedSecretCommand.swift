import ArgumentParser
import KMSClient
import LibCrypto
import SecretMemory

struct DeriveSharedSecretCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive-shared-secret",
        abstract: "Make the secret that a key and somebody's public key have in common (ECDH).",
        discussion: """
            The key is one for keyAgreement; its other side makes the same secret with 'kms public-key KEY'. It is the bare coordinate of 32, 48 or 66 \
            bytes: derive a key from it before it is used as one (NIST SP 800-56C).

            Example: kms derive-shared-secret agreement --public-key partner.pem --out secret.bin
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "A file with the public key of the other side, in PEM or DER, on the same curve.")
    var publicKey: String

    @Option(help: "The version whose public key the other side has; else the default one.")
    var version: UInt32?

    @Option(name: .customLong("out"), help: "Write to this new file (mode 0600) instead of standard output.")
    var output: String?

    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON (the secret in base64) instead of the bare secret.")
    var json = false

    func request() throws -> KMSRequest<AgreedSecretAnswer> {
        .deriveSharedSecret(
            with: key.reference, publicKey: Array(try OfflineKey(file: publicKey).key.der), version: version)
    }

    func show(_ answer: AgreedSecretAnswer) throws {
        if json { return try JSONText.write(answer) }
        try answer.secret.bytes.withUnsafeBytes { try OutputFile.write($0, to: output) }
    }
}
