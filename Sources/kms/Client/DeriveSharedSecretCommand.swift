import ArgumentParser
import FoundationEssentials
import LibCrypto

struct DeriveSharedSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive-shared-secret",
        abstract: "Make the secret that a key and somebody's public key have in common (ECDH).",
        discussion: """
            The key is one for keyAgreement; its other side makes the same secret with 'kms public-key KEY'. It is the bare coordinate of 32, 48 or 66 \
            bytes: derive a key from it before it is used as one (NIST SP 800-56C).

            Example: kms derive-shared-secret agreement --public-key partner.pem --out secret.bin
            """)

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(help: "A file with the public key of the other side, in PEM or DER, on the same curve.")
    var publicKey: String

    @Option(help: "The version whose public key the other side has; else the default one.")
    var version: UInt32?

    @Option(name: .customLong("out"), help: "Write to this new file (mode 0600) instead of standard output.")
    var output: String?

    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON (the secret in base64) instead of the bare secret.")
    var json = false

    private struct Body: Encodable {
        let publicKey: String
        let version: UInt32?
    }

    func run() async throws {
        try await reporting {
            try hand(over: try await options.client().post(PathText.key(key) + "/derive-shared-secret", try body()))
        }
    }

    @inline(never)
    private func body() throws -> Body {
        Body(publicKey: Data(try OfflineKey(file: publicKey).key.der).base64EncodedString(), version: version)
    }

    @inline(never)
    private func hand(over answer: AgreedSecretAnswer) throws {
        guard let secret = Data(base64Encoded: answer.secret) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        if json { return try JSONText.write(answer) }
        try secret.withUnsafeBytes { bytes in
            if let output { try PrivateFile.create(output, bytes) } else { try StandardOutput.write(bytes) }
        }
    }
}
