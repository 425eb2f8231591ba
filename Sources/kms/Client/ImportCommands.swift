import ArgumentParser
import FoundationEssentials
import KMSClient
import KeyManagement
import LibCrypto
import SecretMemory

struct ImportJobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-job", abstract: "Manage key pairs for wrapping imported material.",
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
        commandName: "create", abstract: "Create a key pair in the token, valid for a day.",
        discussion: """
            Wrap the material under the public key where the material is, and import it with 'kms key import'. For the methods \
            RSA_AES_KEY_WRAP_…, concatenate an AES-256 key encrypted by RSA-OAEP and the material wrapped under it by AES-KWP (RFC 5649).

            Example: kms import-job create --public-key-out import.pem
            """)

    @Option(help: "RSA-4096 or RSA-3072. [RSA-4096]")
    var algorithm: String?

    @Option(
        help: """
            RSA_AES_KEY_WRAP_SHA_256, RSA_AES_KEY_WRAP_SHA_1, RSAES_OAEP_SHA_256 or RSAES_OAEP_SHA_1. [the first that the token supports]
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
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an import job.",
        discussion: "Example: kms import-job show 5b0c6f1e-2f0a-4c53-9d3e-0a1b2c3d4e5f")

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
        commandName: "delete", abstract: "Delete an import job and erase its private key.",
        discussion: "Example: kms import-job delete 5b0c6f1e-2f0a-4c53-9d3e-0a1b2c3d4e5f")

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
        commandName: "import", abstract: "Import material into a key created with --imported.",
        discussion: """
            Imports material that was wrapped elsewhere (--job and --wrapped), or a plaintext file on this machine (--plaintext), which is \
            wrapped locally under a new import job. Standard error says what the file contains.

            A private key is PEM or DER: PKCS #8, SEC1 ("EC PRIVATE KEY") or PKCS #1 ("RSA PRIVATE KEY"), without a password. An AES \
            or HMAC key is raw bytes, hexadecimal digits (white space and 0x are allowed) or base64. A file that is exactly as long \
            as the key is taken as raw bytes, even if they are all digits.

            Example: kms key create partner --imported && kms key import partner \\
                --plaintext partner.pem
            Example: kms key import partner --job 0f8e… --wrapped partner.wrapped
            """)

    @OptionGroup var key: KeyArgument

    @Option(help: "The id of the import job under which the material is wrapped.")
    var job: String?

    @Option(help: "The file with the wrapped material.")
    var wrapped: String?

    @Option(help: "The file with the plaintext material.")
    var plaintext: String?

    @Option(
        help: "The file with the public key, PEM or DER: required for wrapped keys on a curve. [taken from --plaintext]"
    )
    var publicKey: String?

    @Option(help: "A destroyed version that gets its own material back. [a new version]")
    var version: UInt32?

    @Flag(help: "Make the version that gets its material back the default.")
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

    /// Material to import: wrapped under an import job, with the public half of a key on a curve.
    private struct Wrapped: Sendable {
        let job: String
        /// The path of the key, which for plaintext is the one whose algorithm was read.
        let keyPath: String
        let material: Data
        let publicKey: [UInt8]?
    }

    private func importMaterial(by client: KMSClient) async throws -> KeyChangeAnswer {
        let wrapped = try await wrapped(by: client)
        guard change.dryRun, plaintext != nil else { return try await client.send(request(wrapped)) }
        // A dry run leaves nothing behind: the import job that it needed is deleted.
        let answer: Result<KeyChangeAnswer, any Error>
        do {
            answer = .success(try await client.send(request(wrapped)))
        } catch {
            answer = .failure(error)
        }
        _ = try await client.send(KMSRequest<ImportJobDelete.Answer>(.delete, APIPath.importJob(wrapped.job)))
        return try answer.get()
    }

    private func wrapped(by client: KMSClient) async throws -> Wrapped {
        let given = try apart { try publicKey.map { try OfflineKey(file: $0).key.der } }
        switch (job, wrapped, plaintext) {
        case (let job?, let file?, nil):
            return Wrapped(
                job: job, keyPath: key.path, material: try apart { try Self.read(file) }, publicKey: given)
        case (nil, nil, let path?):
            let key = try await client.send(KMSRequest<KeyAnswer>(.get, key.path))
            // Before anything is created.
            let file = try apart { try Self.find(path, for: key, publicKey: given) }
            let job = try await client.send(KMSRequest<ImportJobAnswer>(.post, "/api/v1/import-jobs"))
            return try apart {
                Wrapped(
                    job: job.id, keyPath: APIPath.key(key.id), material: try wrap(file.material, under: job),
                    publicKey: file.curveKey ?? given)
            }
        default: throw Failure(.input, "give --job and --wrapped, or --plaintext")
        }
    }

    /// Reads the file with the material, and tells on standard error what it contains.
    private static func find(_ path: String, for key: KeyAnswer, publicKey: [UInt8]?) throws -> KeyMaterialFile {
        guard let algorithm = KeyAlgorithm(rawValue: key.algorithm) else {
            throw Failure(.other, "this program does not know the algorithm \(key.algorithm)")
        }
        let file = try KeyMaterialFile(path, for: algorithm)
        if let publicKey, let found = file.publicKey, found.der != publicKey {
            throw Failure(.input, "--public-key is not the public half of the private key in \(path)")
        }
        StandardError.write("found: \(file.content)\n")
        return file
    }

    private func wrap(_ material: SecretBytes, under job: ImportJobAnswer) throws -> Data {
        guard let hash = LocalWrapping.hash(of: job.method) else {
            throw Failure(.other, "this program does not know the import method \(job.method)")
        }
        do throws(LibCryptoError) {
            return try LocalWrapping.wrap(
                material, under: try PublicKey(der: job.publicKey.bytes), hash: hash,
                inTwoSteps: job.method.hasPrefix("RSA_AES"))
        } catch {
            throw Failure(.input, "the material cannot be wrapped: \(error)")
        }
    }

    private static func summary(_ key: KeyAnswer) -> String {
        "Imported version \(key.version?.number ?? 1) of \(key.name)"
    }

    private func request(_ wrapped: Wrapped) -> KMSRequest<KeyChangeAnswer> {
        KMSRequest(
            .post, wrapped.keyPath + "/import",
            Body(
                job: wrapped.job, material: Base64Bytes(wrapped.material),
                publicKey: wrapped.publicKey.map { Base64Bytes($0) }, version: version,
                activate: activate ? true : nil, expiresAt: expiresAt, reason: change.reason, comment: change.comment,
                dryRun: change.dryRun ? true : nil),
            idempotencyKey: change.idempotencyKey)
    }

    private static func read(_ path: String) throws(Failure) -> Data {
        Data(try InputFile.read(path, atMost: 16384, "key"))
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
        _ material: SecretBytes, under key: PublicKey, hash: HashFunction, inTwoSteps: Bool
    ) throws(LibCryptoError) -> Data {
        guard inTwoSteps else { return Data(try encrypt(material, key, hash)) }
        let step = SecretBytes(capacity: 32) { buffer in
            var generator = SystemRandomNumberGenerator()
            for place in 0..<32 { buffer[place] = UInt8.random(in: .min ... .max, using: &generator) }
            return 32
        }
        let inner = try material.withUnsafeBytes { (material) throws(LibCryptoError) in
            try step.withUnsafeBytes { (step) throws(LibCryptoError) in
                try KeyWrap.wrapWithPadding(material, under: step)
            }
        }
        return Data(try encrypt(step, key, hash) + inner)
    }

    private static func encrypt(
        _ secret: SecretBytes, _ key: PublicKey, _ hash: HashFunction
    ) throws(LibCryptoError) -> [UInt8] {
        try secret.withUnsafeBytes { (bytes) throws(LibCryptoError) in try key.encryptOAEP(bytes, hash: hash) }
    }
}
