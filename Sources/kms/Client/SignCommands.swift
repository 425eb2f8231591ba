import ArgumentParser
import FoundationEssentials
import KMSClient

/// The options that select a signature's algorithm and form.
struct SignatureOptions: ParsableArguments {
    @Option(help: "The algorithm, such as ECDSA_SHA_256 or RSASSA_PSS_SHA_256. [the key's first]")
    var algorithm: String?

    @Option(
        help: "The form of an ECDSA signature: der, or raw (r and s concatenated, as in JWS). [der]")
    var form: String?

    @Flag(help: "The input is the digest itself, as raw bytes, not the message.")
    var digest = false
}

struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a file or standard input with a key.",
        discussion: """
            The input can have any length. Above 64 KiB it is hashed locally and only its digest is sent; the signature is the same. \
            ED25519 cannot sign a digest and is limited to 64 KiB. The signature is written raw to --out, or as base64 to standard output.

            Example: kms sign releases --in release.tar --out release.sig
            Example: openssl dgst -sha256 -binary big.iso | kms sign releases --digest \\
                > big.sig.b64
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
            The input can have any length, as for 'kms sign'. With --public-key, verifies locally, without the service. Exit code 11 if the \
            signature is not valid.

            Example: kms verify releases --signature release.sig --in release.tar
            Example: kms verify --public-key releases.pem --signature release.sig \\
                --in release.tar
            """)

    @Argument(help: "The key's name, alias or id; omit it with --public-key.", completion: .keys)
    var key: String?

    @Option(help: "The file with the signature: raw bytes, or base64.")
    var signature: String

    @Option(help: "The version that signed. [the default version]")
    var version: UInt32?

    @Option(help: "Verify locally, without the service, with the public key in this file (PEM or DER).")
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
        guard version == nil else { throw Failure(.input, "--public-key and --version exclude each other") }
        try options.requireUnused(with: "--public-key")
        let offline = try OfflineKey(file: file)
        let signature = try SignatureFile.read(signature)
        let algorithm = try offline.algorithm(named: how.algorithm)
        return try offline.verify(signature, over: try how.read(streams), algorithm: algorithm, form: how.form)
    }

    private func tell(_ isValid: Bool) throws {
        try output.show(Verdict(valid: isValid), as: isValid ? "valid\n" : "")
        guard isValid else {
            throw Failure(
                .invalid,
                publicKey == nil && version == nil
                    ? "the signature is not valid under the default version; for an earlier one, add --version N"
                    : "the signature is not valid")
        }
    }
}

/// Reads a signature from a file: raw, or base64 as 'kms sign' writes it.
enum SignatureFile {
    static func read(_ path: String) throws(Failure) -> Data {
        let data = Data(try InputFile.read(path, atMost: 4096, "signature"))
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return Data(base64Encoded: text) ?? data
    }
}

struct HMACCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "hmac", abstract: "Compute the HMAC of a file or standard input.",
        discussion: """
            The input can have up to 64 KiB. For longer data, compute the HMAC of a digest.

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
            Exit code 11 if the HMAC is not valid.

            Example: kms verify-hmac sessions --hmac "$(cat cookie.mac)" < cookie.txt
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "The HMAC, in base64.")
    var hmac: String

    @Option(help: "The version that computed it. [the default version]")
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
        guard answer.valid else { throw Failure(.invalid, "the HMAC is not valid") }
    }
}
