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

    @Flag(help: "The input is the digest already, not the message.")
    var digest = false

    /// Reads the message, or the digest with `--digest`.
    func input(of streams: DataStreams) throws(Failure) -> SignatureInput {
        let bytes = [UInt8](try streams.read(atMost: DataStreams.messageLimit))
        return digest ? .digest(bytes) : .message(bytes)
    }
}

struct SignCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign standard input, up to 64 KiB or a digest of it, with a key.",
        discussion: """
            The signature is written raw to --out, or as base64 to standard output.

            Example: kms sign releases --in release.tar.sha256 --out release.sig
            Example: openssl dgst -sha256 -binary big.iso | kms sign releases --digest > big.sig.b64
            """)

    @OptionGroup var key: KeyArgument

    @OptionGroup var signature: SignatureOptions
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<SignAnswer> {
        .sign(
            try signature.input(of: streams), with: key.reference, algorithm: signature.algorithm, form: signature.form)
    }

    func show(_ answer: SignAnswer) throws {
        if output.json { return try JSONText.write(answer) }
        guard streams.output != nil else { return try StandardOutput.write(answer.signature.text + "\n") }
        try streams.write(answer.signature.bytes)
    }
}

struct VerifyCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a signature over standard input.",
        discussion: """
            With --public-key neither service nor token is needed. Ends with exit code 9 when the signature is wrong.

            Example: kms verify releases --signature release.sig --in release.tar.sha256
            Example: kms verify --public-key releases.pem --signature release.sig --in release.tar.sha256
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
        guard key == nil, let publicKey else { return try await callService() }
        try await reporting { try apart { try tell(try verifyHere(by: publicKey)) } }
    }

    func check() throws { _ = try namedKey() }

    func request() throws -> KMSRequest<VerifyAnswer> {
        let key = try namedKey()
        let input = try how.input(of: streams)
        return .verify(
            [UInt8](try SignatureFile.read(signature)), over: input, with: key, algorithm: how.algorithm,
            form: how.form, version: version)
    }

    func show(_ answer: VerifyAnswer) throws { try tell(answer.valid) }

    private func namedKey() throws(Failure) -> String {
        guard let key, publicKey == nil else { throw Failure(.input, "name either a key or --public-key") }
        return key
    }

    private func verifyHere(by file: String) throws -> Bool {
        guard version == nil else { throw Failure(.input, "--public-key is one version's: leave out --version") }
        try options.requireUnused(with: "--public-key")
        return try OfflineKey(file: file).verify(
            signature: try SignatureFile.read(signature), input: try streams.read(atMost: DataStreams.messageLimit),
            isDigest: how.digest, algorithm: how.algorithm, form: how.form)
    }

    private func tell(_ isValid: Bool) throws {
        try output.show(Verdict(valid: isValid), as: isValid ? "valid\n" : "")
        guard isValid else { throw Failure(.input, "the signature is not valid") }
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
        commandName: "hmac", abstract: "Make the HMAC of standard input, up to 64 KiB, with a key.",
        discussion: "Example: kms hmac sessions < cookie.txt > cookie.mac")

    @OptionGroup var key: KeyArgument

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @OptionGroup var output: OutputOptions

    func request() throws -> KMSRequest<MACAnswer> {
        .generateMAC(of: [UInt8](try streams.read(atMost: DataStreams.messageLimit)), with: key.reference)
    }

    func show(_ answer: MACAnswer) throws {
        if output.json { try JSONText.write(answer) } else { try streams.write(answer.hmac.text + "\n") }
    }
}

struct VerifyHMACCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-hmac", abstract: "Verify an HMAC over standard input.",
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
            text: hmac, of: [UInt8](try streams.read(atMost: DataStreams.messageLimit)), with: key.reference,
            version: version)
    }

    func show(_ answer: VerifyAnswer) throws {
        try output.show(answer, as: answer.valid ? "valid\n" : "")
        guard answer.valid else { throw Failure(.input, "the HMAC is not valid") }
    }
}
