import ArgumentParser
import FoundationEssentials

/// The options that select a signature's algorithm and form.
struct SignatureOptions: ParsableArguments {
    @Option(help: "Such as ECDSA_SHA_256 or RSASSA_PSS_SHA_256; else the first that the key can.")
    var algorithm: String?

    @Option(
        help: "How an ECDSA signature is written: der (the standard) or raw (r and s one behind the other, as in JWS).")
    var form: String?

    @Flag(help: "The input is the digest already, not the message.")
    var digest = false
}

struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign standard input, up to 64 KiB or a digest of it, with a key.",
        discussion: """
            The signature is written raw to --out, or as base64 to standard output.

            Example: kms sign releases --in release.tar.sha256 --out release.sig
            Example: openssl dgst -sha256 -binary big.iso | kms sign releases --digest > big.sig.b64
            """)

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var signature: SignatureOptions
    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of the signature alone.")
    var json = false

    private struct Body: Encodable {
        let message: String?
        let digest: String?
        let algorithm: String?
        let form: String?
    }

    func run() async throws {
        try await reporting {
            try hand(over: try await options.client().post(PathText.key(key) + "/sign", try body()))
        }
    }

    @inline(never)
    private func body() throws -> Body {
        let text = try streams.read(atMost: DataStreams.messageLimit).base64EncodedString()
        return Body(
            message: signature.digest ? nil : text, digest: signature.digest ? text : nil,
            algorithm: signature.algorithm, form: signature.form)
    }

    @inline(never)
    private func hand(over answer: SignAnswer) throws {
        if json { return try JSONText.write(answer) }
        guard streams.output != nil else { return try StandardOutput.write(answer.signature + "\n") }
        guard let bytes = Data(base64Encoded: answer.signature) else {
            throw Failure(.other, "the service's answer is not base64")
        }
        try streams.write(bytes)
    }
}

struct VerifyCommand: AsyncParsableCommand {
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

    @Flag(help: "JSON instead of a word.")
    var json = false

    private struct Body: Encodable {
        let message: String?
        let digest: String?
        let signature: String
        let algorithm: String?
        let form: String?
        let version: UInt32?
    }

    private struct Verdict: Encodable {
        let valid: Bool
    }

    func run() async throws {
        try await reporting { try await verify() }
    }

    private func verify() async throws {
        switch (key, publicKey) {
        case (let key?, nil):
            let answer: VerifyAnswer = try await options.client().post(PathText.key(key) + "/verify", try body())
            try tell(answer.valid)
        case (nil, let file?): try tell(try verifyHere(by: file))
        case (nil, nil), (_?, _?): throw Failure(.input, "name either a key or --public-key")
        }
    }

    @inline(never)
    private func verifyHere(by file: String) throws -> Bool {
        guard version == nil else { throw Failure(.input, "--public-key is one version's: leave out --version") }
        try options.requireUnused(with: "--public-key")
        return try OfflineKey(file: file).verify(
            signature: try SignatureFile.read(signature), input: try streams.read(atMost: DataStreams.messageLimit),
            isDigest: how.digest, algorithm: how.algorithm, form: how.form)
    }

    @inline(never)
    private func body() throws -> Body {
        let text = try streams.read(atMost: DataStreams.messageLimit).base64EncodedString()
        return Body(
            message: how.digest ? nil : text, digest: how.digest ? text : nil,
            signature: try SignatureFile.read(signature).base64EncodedString(), algorithm: how.algorithm,
            form: how.form, version: version)
    }

    @inline(never)
    private func tell(_ isValid: Bool) throws {
        if json { try JSONText.write(Verdict(valid: isValid)) } else if isValid { try StandardOutput.write("valid\n") }
        guard isValid else { throw Failure(.input, "the signature is not valid") }
    }
}

/// Reads a signature from a file: raw, or base64 as 'kms sign' writes it.
enum SignatureFile {
    static func read(_ path: String) throws(Failure) -> Data {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 4096 else {
            throw Failure(.configuration, "the signature file \(path) cannot be read, or is no signature")
        }
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return Data(base64Encoded: text) ?? data
    }
}

struct HMACCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hmac", abstract: "Make the HMAC of standard input, up to 64 KiB, with a key.",
        discussion: "Example: kms hmac sessions < cookie.txt > cookie.mac")

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of base64.")
    var json = false

    func run() async throws {
        try await reporting {
            try hand(over: try await options.client().post(PathText.key(key) + "/hmac", try body()))
        }
    }

    @inline(never)
    private func body() throws -> [String: String] {
        ["message": try streams.read(atMost: DataStreams.messageLimit).base64EncodedString()]
    }

    @inline(never)
    private func hand(over answer: MACAnswer) throws {
        if json { try JSONText.write(answer) } else { try streams.write(Data((answer.hmac + "\n").utf8)) }
    }
}

struct VerifyHMACCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-hmac", abstract: "Verify an HMAC over standard input.",
        discussion: """
            Ends with exit code 9 when it is wrong.

            Example: kms verify-hmac sessions --hmac "$(cat cookie.mac)" < cookie.txt
            """)

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(help: "The HMAC, base64.")
    var hmac: String

    @Option(help: "The version that made it; else the default one.")
    var version: UInt32?

    @OptionGroup var streams: DataStreams
    @OptionGroup var options: ClientOptions

    @Flag(help: "JSON instead of a word.")
    var json = false

    private struct Body: Encodable {
        let message: String
        let hmac: String
        let version: UInt32?
    }

    func run() async throws {
        try await reporting {
            try tell(try await options.client().post(PathText.key(key) + "/verify-hmac", try body()))
        }
    }

    @inline(never)
    private func body() throws -> Body {
        Body(
            message: try streams.read(atMost: DataStreams.messageLimit).base64EncodedString(), hmac: hmac,
            version: version)
    }

    @inline(never)
    private func tell(_ answer: VerifyAnswer) throws {
        if json { try JSONText.write(answer) } else if answer.valid { try StandardOutput.write("valid\n") }
        guard answer.valid else { throw Failure(.input, "the HMAC is not valid") }
    }
}
