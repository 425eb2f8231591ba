import ArgumentParser
import FoundationEssentials
import LibCrypto

struct ImportJobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-job", abstract: "Key pairs of the token under which material is brought.",
        subcommands: [ImportJobCreate.self, ImportJobShow.self, ImportJobDelete.self])
}

/// Shows an import job, and writes its public key to a file if one is named.
private func show(_ job: ImportJobAnswer, publicKeyOut: String?, json: Bool) throws {
    if let publicKeyOut {
        guard let der = Data(base64Encoded: job.publicKey), let key = try? PublicKey(der: Array(der)) else {
            throw Failure(.other, "the service's answer has no public key")
        }
        try Array(key.pem.utf8).withUnsafeBytes { try PrivateFile.create(publicKeyOut, $0) }
    }
    if json { return try JSONText.write(job) }
    var sheet = Sheet()
    sheet.add("import job", job.id)
    sheet.add("wrapping key", job.wrappingAlgorithm)
    sheet.add("method", job.method)
    sheet.add("created", job.createdAt)
    sheet.add("expires", job.expiresAt)
    try StandardOutput.write(sheet.text)
}

struct ImportJobCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a key pair in the token, for a day.",
        discussion: """
            Wrap the material under the public key where it is, bring it with 'kms key import'. With the method RSA_AES_KEY_WRAP_… it \
            is an AES-256 key under RSA-OAEP, and behind it the material under that key by AES-KWP (RFC 5649).

            Example: kms import-job create --public-key-out import.pem
            """)

    @Option(help: "RSA-4096 (the standard) or RSA-3072.")
    var algorithm: String?

    @Option(
        help: """
            RSA_AES_KEY_WRAP_SHA_256, RSA_AES_KEY_WRAP_SHA_1, RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1; else the first of \
            them that the token can.
            """)
    var method: String?

    @Option(help: "Write the public key, PEM, to this new file.")
    var publicKeyOut: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    struct Body: Encodable {
        let wrappingAlgorithm: String?
        let method: String?
    }

    func run() async throws {
        try await reporting {
            let body = Body(wrappingAlgorithm: algorithm, method: method)
            try show(
                try await options.client().post("/api/v1/import-jobs", body), publicKeyOut: publicKeyOut, json: json)
        }
    }
}

struct ImportJobShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an import job.")

    @Argument(help: "The id of the import job.")
    var job: String

    @Option(help: "Write the public key, PEM, to this new file.")
    var publicKeyOut: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting {
            try show(try await options.client().get(PathText.importJob(job)), publicKeyOut: publicKeyOut, json: json)
        }
    }
}

struct ImportJobDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "End an import job; its private half is erased.")

    @Argument(help: "The id of the import job.")
    var job: String

    @OptionGroup var options: ClientOptions

    private struct Answer: Decodable {
        let id: String
    }

    func run() async throws {
        try await reporting {
            let answer: Answer = try await options.client().delete(PathText.importJob(job))
            try StandardOutput.write("import job \(answer.id) deleted\n")
        }
    }
}

struct KeyImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring material into a key that was created with --imported.",
        discussion: """
            Either material that was wrapped elsewhere (--job and --wrapped), or, where the plaintext is on this machine anyway, a file \
            with it (--plaintext): it is wrapped here under a new import job. Private keys are PKCS #8 in DER.

            Example: kms key create partner --imported && kms key import partner --plaintext partner.key
            Example: kms key import partner --job 0f8e… --wrapped partner.wrapped
            """)

    @Argument(help: "The key's name, alias or id.")
    var key: String

    @Option(help: "The id of the import job under which the material is wrapped.")
    var job: String?

    @Option(help: "The file with the wrapped material.")
    var wrapped: String?

    @Option(help: "The file with the material itself.")
    var plaintext: String?

    @Option(help: "The file with the public key, PEM or DER: needed for keys on a curve.")
    var publicKey: String?

    @Option(help: "A destroyed version that gets its own material back; else a new version is made.")
    var version: UInt32?

    @Flag(help: "A version that gets its material back becomes the default one.")
    var activate = false

    @Option(help: "The day, YYYY-MM-DD, on which this version is erased; may need approvals. [never]")
    var expiresAt: String?

    @OptionGroup var change: ChangeFlags
    @OptionGroup var options: ApprovedClientOptions

    private struct Body: Encodable {
        let job: String
        let material: String
        let publicKey: String?
        let version: UInt32?
        let activate: Bool?
        let expiresAt: String?
        let reason: String?
        let comment: String?
        let dryRun: Bool?
    }

    func run() async throws {
        try await reporting { try await bring() }
    }

    private func bring() async throws {
        let client = try options.client()
        let (job, material) = try await material(by: client)
        try await change.send("POST", PathText.key(key) + "/import", try body(job, material), by: client)
    }

    private func material(by client: APIClient) async throws -> (job: String, material: Data) {
        switch (job, wrapped, plaintext) {
        case (let job?, let file?, nil): return (job, try Self.read(file))
        case (nil, nil, let file?):
            let job: ImportJobAnswer = try await client.post("/api/v1/import-jobs")
            return (job.id, try wrap(try Self.read(file), under: job))
        default: throw Failure(.input, "give --job and --wrapped, or --plaintext")
        }
    }

    @inline(never)
    private func wrap(_ material: Data, under job: ImportJobAnswer) throws -> Data {
        guard let der = Data(base64Encoded: job.publicKey), let hash = LocalWrapping.hash(of: job.method) else {
            throw Failure(.other, "this program does not know the import method \(job.method)")
        }
        do throws(LibCryptoError) {
            return try LocalWrapping.wrap(
                Array(material), under: try PublicKey(der: Array(der)), hash: hash,
                inTwoSteps: job.method.hasPrefix("RSA_AES"))
        } catch {
            throw Failure(.input, "the material cannot be wrapped: \(error)")
        }
    }

    @inline(never)
    private func body(_ job: String, _ material: Data) throws -> Body {
        Body(
            job: job, material: material.base64EncodedString(),
            publicKey: try publicKey.map { Data(try OfflineKey(file: $0).key.der).base64EncodedString() },
            version: version, activate: activate ? true : nil, expiresAt: expiresAt, reason: change.reason,
            comment: change.comment, dryRun: change.dryRun ? true : nil)
    }

    private static func read(_ path: String) throws(Failure) -> Data {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 16384 else {
            throw Failure(.configuration, "\(path) cannot be read, or is too long to be a key")
        }
        return data
    }
}

/// Wraps key material on this machine, where its plaintext is.
enum LocalWrapping {
    static func hash(of method: String) -> HashFunction? {
        if method.hasSuffix("SHA_256") { return .sha256 }
        return method.hasSuffix("SHA_1") ? .sha1 : nil
    }

    /// Wraps by `CKM_RSA_AES_KEY_WRAP` (PKCS #11 v2.40 §2.1.20), or by OAEP alone.
    static func wrap(
        _ material: [UInt8], under key: PublicKey, hash: HashFunction, inTwoSteps: Bool
    ) throws(LibCryptoError) -> Data {
        guard inTwoSteps else { return Data(try encrypt(material, key, hash)) }
        var generator = SystemRandomNumberGenerator()
        let step = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let inner = material.withUnsafeBytes { material in
            step.withUnsafeBytes { step in
                Result { () throws(LibCryptoError) in try KeyWrap.wrapWithPadding(material, under: step) }
            }
        }
        return Data(try encrypt(step, key, hash) + inner.get())
    }

    private static func encrypt(
        _ bytes: [UInt8], _ key: PublicKey, _ hash: HashFunction
    ) throws(LibCryptoError) -> [UInt8] {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(LibCryptoError) in try key.encryptOAEP(bytes, hash: hash) }
        }
        return try result.get()
    }
}
