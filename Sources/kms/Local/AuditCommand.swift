import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement
import LibCrypto
import TokenPKCS11

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify, read and export the audit log.",
        discussion: """
            The log is a hash chain of JSON lines, with checkpoints signed in the token. verify, tail, search, export and checkpoint \
            require the files only, without a token or a running service.
            """,
        subcommands: [
            AuditInit.self, AuditPublicKey.self, AuditVerify.self, AuditTail.self, AuditSearch.self, AuditExport.self,
            AuditCheckpointCommand.self,
        ])
}

/// The options that name the folder of audit files.
struct AuditFolderOptions: ParsableArguments {
    @Option(name: .customLong("dir"), help: "The folder of the audit files, instead of the configured one.")
    var folder: String?

    @OptionGroup var options: StoreConfigurationOptions

    func directory() throws(Failure) -> String {
        if let folder {
            guard options.isUnused else { throw Failure(.input, "--dir excludes --config and --store") }
            return folder
        }
        return try Configuration.auditPath(try options.settings())
    }
}

extension Failure {
    init(_ error: AuditOpenError) {
        switch error {
        case .noFiles, .inaccessible: self.init(.configuration, "\(error)")
        case .broken, .locked: self.init(.store, "\(error)")
        }
    }
}

/// Runs a body that reads audit files, and maps its errors.
func readingAudit<Result>(_ body: () throws(AuditOpenError) -> Result) throws(Failure) -> Result {
    do throws(AuditOpenError) {
        return try body()
    } catch {
        throw Failure(error)
    }
}

struct AuditInit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the audit key in the token.",
        discussion: """
            Creates an EC P-256 key pair labelled kms-audit-1, whose private key only signs and cannot be read, copied, changed or \
            exported. 'kms root init' creates it together with the root keys; use this command for older tokens. The service uses the key \
            from its next start.

            Example: kms audit init --config /etc/kms/kms.yaml
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.makeAuditKey(Configuration.uri(try options.settings()))
            let pem = try report.pem()
            try output.show(
                AuditKeyJSON(label: report.label, pem: pem), as: "Created in \(report.token): \(report.label)\n\n" + pem
            )
        }
    }
}

struct AuditPublicKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key", abstract: "Print the public audit key in PEM.",
        discussion: """
            Keep it where the audit log is verified.

            Example: kms audit public-key --out audit.pem
            """)

    @Option(name: .customLong("out"), help: "Write to this new file instead of standard output.")
    var output: String?

    @OptionGroup var printing: OutputOptions
    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            guard let report = try await TokenAdministration.auditKey(Configuration.uri(try options.settings())) else {
                throw Failure(.token, "the token has no audit key; run 'kms audit init' to make one")
            }
            let pem = try report.pem()
            guard let output else { return try printing.show(AuditKeyJSON(label: report.label, pem: pem), as: pem) }
            try Data(pem.utf8).withUnsafeBytes { try PrivateFile.create(output, $0) }
        }
    }
}

private struct AuditKeyJSON: Encodable {
    let label: String
    let pem: String
}

extension AuditKeyReport {
    fileprivate func pem() throws(Failure) -> String {
        do throws(LibCryptoError) {
            return try PublicKey(der: publicKey.der).pem
        } catch {
            throw Failure(.token, "the audit key cannot be read: \(error)")
        }
    }
}

struct AuditCheckpointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print the latest checkpoint, to publish it.",
        discussion: """
            Prints the JSON line of the log. Keep such lines where write access to the audit files does not reach them: in a \
            ticket, a mailbox, the log of another machine. With them, 'kms audit verify --published FILE' detects a truncated or replaced \
            log.

            Example: kms audit checkpoint >> checkpoints.jsonl
            """)

    // The output is JSON without it, too.
    @OptionGroup var output: OutputOptions
    @OptionGroup var folder: AuditFolderOptions

    func run() async throws {
        try await reporting {
            let reader = AuditReader(directory: try folder.directory())
            guard let checkpoint = try readingAudit({ () throws(AuditOpenError) in try reader.latestCheckpoint() })
            else { throw Failure(.notFound, "there is no checkpoint yet") }
            try StandardOutput.write(checkpoint.text + "\n")
        }
    }
}
