import ArgumentParser
import FoundationEssentials
import KMSClient
import LibCrypto

struct ImportJobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-job", abstract: "Key pairs of the token under which material is brought.",
        subcommands: [ImportJobCreate.self, ImportJobShow.self, ImportJobDelete.self])
}

extension ImportJobAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("import job", id)
        table.add("wrapping key", wrappingAlgorithm)
        table.add("method", method)
        table.add("created", .time(createdAt))
        table.add("expires", .time(expiresAt))
        return table.text(in: style)
    }
}

/// A command that shows an import job, and writes its public key to a file if one is named.
protocol ImportJobShowCommand: ShowCommand where Answer == ImportJobAnswer {
    var publicKeyOut: String? { get }
}

extension ImportJobShowCommand {
    func show(_ job: ImportJobAnswer) throws {
        if let publicKeyOut {
            guard let key = try? PublicKey(der: job.publicKey.bytes) else {
                throw Failure(.other, "the service's answer has no public key")
            }
            try Array(key.pem.utf8).withUnsafeBytes { try PrivateFile.create(publicKeyOut, $0) }
        }
        try view.show(job)
    }
}

struct ImportJobCreate: ImportJobShowCommand {
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

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    private struct Body: Encodable {
        let wrappingAlgorithm: String?
        let method: String?
    }

    func request() -> KMSRequest<ImportJobAnswer> {
        KMSRequest(.post, "/api/v1/import-jobs", Body(wrappingAlgorithm: algorithm, method: method))
    }
}

struct ImportJobShow: ImportJobShowCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an import job.")

    @Argument(help: "The id of the import job.")
    var job: String

    @Option(help: "Write the public key, PEM, to this new file.")
    var publicKeyOut: String?

    @OptionGroup var view: ViewOptions
    @OptionGroup var options: ClientOptions

    func request() -> KMSRequest<ImportJobAnswer> { KMSRequest(.get, APIPath.importJob(job)) }
}

struct ImportJobDelete: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "End an import job; its private half is erased.")

    @Argument(help: "The id of the import job.")
    var job: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: ClientOptions

    struct Answer: Codable {
        let id: String
    }

    func request() -> KMSRequest<Answer> { KMSRequest(.delete, APIPath.importJob(job)) }

    func summary(_ answer: Answer) -> String { "Deleted import job \(answer.id)" }
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

    @OptionGroup var key: KeyArgument

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
        let material: Base64Bytes
        let publicKey: Base64Bytes?
        let version: UInt32?
        let activate: Bool?
        let expiresAt: String?
        let reason: String?
        let comment: String?
        let dryRun: Bool?
    }

    func run() async throws {
        try await reporting {
            let answer = try await options.withClient { client in try await importMaterial(by: client) }
            try apart { try change.view.show(answer) { key, _ in Self.summary(key) } }
        }
    }

    private func importMaterial(by client: KMSClient) async throws -> KeyChangeAnswer {
        let (job, material) = try await material(by: client)
        return try await client.send(try apart { try request(job, material) })
    }

    private func material(by client: KMSClient) async throws -> (job: String, material: Data) {
        switch (job, wrapped, plaintext) {
        case (let job?, let file?, nil): return (job, try Self.read(file))
        case (nil, nil, let file?):
            let job = try await client.send(KMSRequest<ImportJobAnswer>(.post, "/api/v1/import-jobs"))
            return (job.id, try apart { try wrap(try Self.read(file), under: job) })
        default: throw Failure(.input, "give --job and --wrapped, or --plaintext")
        }
    }

    private func wrap(_ material: Data, under job: ImportJobAnswer) throws -> Data {
        guard let hash = LocalWrapping.hash(of: job.method) else {
            throw Failure(.other, "this program does not know the import method \(job.method)")
        }
        do throws(LibCryptoError) {
            return try LocalWrapping.wrap(
                Array(material), under: try PublicKey(der: job.publicKey.bytes), hash: hash,
                inTwoSteps: job.method.hasPrefix("RSA_AES"))
        } catch {
            throw Failure(.input, "the material cannot be wrapped: \(error)")
        }
    }

    private static func summary(_ key: KeyAnswer) -> String {
        "Imported version \(key.version?.number ?? 1) of \(key.name)"
    }

    private func request(_ job: String, _ material: Data) throws -> KMSRequest<KeyChangeAnswer> {
        let publicKey = try publicKey.map { Base64Bytes(try OfflineKey(file: $0).key.der) }
        return KMSRequest(
            .post, key.path + "/import",
            Body(
                job: job, material: Base64Bytes(material), publicKey: publicKey, version: version,
                activate: activate ? true : nil, expiresAt: expiresAt, reason: change.reason, comment: change.comment,
                dryRun: change.dryRun ? true : nil),
            idempotencyKey: change.idempotencyKey)
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
