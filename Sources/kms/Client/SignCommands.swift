import ArgumentParser
import FoundationEssentials
import KMSClient

/// The options that select a signature's algorithm and form.
struct SignatureOptions: ParsableArguments {
    @Option(help: "Such as ECDSA_SHA_256 or RSASSA_PSS_SHA_256; else the first that the key can.")
    var algorithm: String?

    @Option(
        help: "How an ECDSA signature is written: der (the standard) or raw (r and s one behind the other, as in JWS).")
    var form: String?

    @Flag(help: "The input is the digest itself, as raw bytes, not the message.")
    var digest = false
}

struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a file or standard input with a key.",
        discussion: """
            The input may have any length. Above 64 KiB it is hashed here and only its digest is sent, which gives the same \
            signature. ED25519 signs no digest, and is limited to 64 KiB. The signature is written raw to --out, or as base64 to \
            standard output.

            Example: kms sign releases --in release.tar --out release.sig
            Example: openssl dgst -sha256 -binary big.iso | kms sign releases --digest > big.sig.b64
            """)

    @OptionGroup var key: KeyArgument

    @OptionGroup var signature: SignatureOptions
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            let answer = try await options.withClient { client in try await sign(by: client) }
            try apart { try show(answer) }
        }
    }

    private func sign(by client: KMSClient) async throws -> SignAnswer {
        let prepared = try await signature.prepare(streams, for: key.reference, by: client)
        return try await client.send(
            .sign(prepared.input, with: key.reference, algorithm: prepared.algorithm, form: signature.form))
    }

    private func show(_ answer: SignAnswer) throws {
        if output.json { return try JSONText.write(answer) }
        guard streams.output != nil else { return try StandardOutput.write(answer.signature.text + "\n") }
        try streams.write(answer.signature.bytes)
    }
}

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a signature of a file or standard input.",
        discussion: """
            The input may have any length, as for 'kms sign'. With --public-key neither service nor token is needed. Ends with exit code 9 when the signature is wrong.

            Example: kms verify releases --signature release.sig --in release.tar
            Example: kms verify --public-key releases.pem --signature release.sig --in release.tar
            """)

    @Argument(help: "The key's name, alias or id; leave it out with --public-key.")
    var key: String?

    @Option(help: "The file with the signature: raw bytes, or base64.")
    var signature: String

    @Option(help: "The version that signed; else the default one.")
    var version: UInt32?

    @Option(help: "A file with the public key in PEM or DER: verify here, without the service.")
    var publicKey: String?

    @OptionGroup var how: SignatureOptions
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    private struct Verdict: Encodable {
        let valid: Bool
    }

    func run() async throws {
        try await reporting {
            if key == nil, let publicKey { return try apart { try tell(try verifyHere(by: publicKey)) } }
            let key = try apart { try namedKey() }
            let bytes = [UInt8](try apart { () throws(Failure) in try SignatureFile.read(signature) })
            let answer = try await options.withClient { client in try await verify(bytes, of: key, by: client) }
            try apart { try tell(answer.valid) }
        }
    }

    private func verify(_ signature: [UInt8], of key: String, by client: KMSClient) async throws -> VerifyAnswer {
        let prepared = try await how.prepare(streams, for: key, by: client)
        return try await client.send(
            .verify(
                signature, over: prepared.input, with: key, algorithm: prepared.algorithm, form: how.form,
                version: version))
    }

    private func namedKey() throws(Failure) -> String {
        guard let key, publicKey == nil else { throw Failure(.input, "name either a key or --public-key") }
        return key
    }

    private func verifyHere(by file: String) throws -> Bool {
        guard version == nil else { throw Failure(.input, "--public-key is one version's: leave out --version") }
        try options.requireUnused(with: "--public-key")
        let offline = try OfflineKey(file: file)
        let signature = try SignatureFile.read(signature)
        let algorithm = try offline.algorithm(named: how.algorithm)
        return try offline.verify(signature, over: try how.read(streams), algorithm: algorithm, form: how.form)
    }

    private func tell(_ isValid: Bool) throws {
        try output.show(Verdict(valid: isValid), as: isValid ? "valid\n" : "")
        guard isValid else { throw Failure(.input, "the signature is not valid") }
    }
}

/// Reads a signature from a file: raw, or base64 as 'kms sign' writes it.
enum SignatureFile {
    static func read(_ path: String) throws(Failure) -> Data {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 4096 else {
            throw Failure(.input, "the signature file \(path) cannot be read, or is no signature")
        }
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return Data(base64Encoded: text) ?? data
    }
}

struct HMACCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "hmac", abstract: "Make the HMAC of a file or standard input.",
        discussion: """
            The input has at most 64 KiB. For longer data, make the HMAC of a digest.

            Example: kms hmac sessions < cookie.txt > cookie.mac
            Example: openssl dgst -sha512 -binary big.iso | kms hmac sessions
            """)

    @OptionGroup var key: KeyArgument

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<MACAnswer> {
        .generateMAC(of: try streams.readMessage(), with: key.reference)
    }

    func show(_ answer: MACAnswer) throws {
        if output.json { try JSONText.write(answer) } else { try streams.write(answer.hmac.text + "\n") }
    }
}

struct VerifyHMACCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-hmac", abstract: "Verify the HMAC of a file or standard input.",
        discussion: """
            Ends with exit code 9 when it is wrong.

            Example: kms verify-hmac sessions --hmac "$(cat cookie.mac)" < cookie.txt
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "The HMAC, base64.")
    var hmac: String

    @Option(help: "The version that made it; else the default one.")
    var version: UInt32?

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<VerifyAnswer> {
        .verifyMAC(
            text: hmac, of: try streams.readMessage(), with: key.reference,
            version: version)
    }

    func show(_ answer: VerifyAnswer) throws {
        try output.show(answer, as: answer.valid ? "valid\n" : "")
        guard answer.valid else { throw Failure(.input, "the HMAC is not valid") }
    }
}
