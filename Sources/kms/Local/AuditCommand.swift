import ArgumentParser
import AuditFiles
import FoundationEssentials
import KeyManagement
import LibCrypto
import TokenPKCS11

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Verify, read and export the audit chain; make its key.",
        discussion: """
            The chain is in files of JSON lines; each line carries the hash of the one before, and the token signs a checkpoint now \
            and then. verify, tail, search, export and checkpoint need the files only: no token, no running service.
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
            guard options.isUnused else { throw Failure(.input, "--dir goes without --config and --store") }
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
        commandName: "init", abstract: "Make the audit key in a token that has root keys but no audit key.",
        discussion: """
            An EC P-256 pair labelled kms-audit-1, which only signs and cannot be read, copied, changed or taken out. 'kms root init' \
            makes it along with the roots; this is for older tokens. The service uses it from its next start on.
            """)

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            let report = try await TokenAdministration.makeAuditKey(Configuration.uri(try options.settings()))
            try StandardOutput.write("made in \(report.token): \(report.label)\n\n" + report.pem())
        }
    }
}

struct AuditPublicKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key", abstract: "Show the public half of the token's audit key, in PEM.",
        discussion: "Keep it where the audit is verified: kms audit public-key --out audit.pem")

    @Option(name: .customLong("out"), help: "Write to this new file instead of standard output.")
    var output: String?

    @OptionGroup var options: TokenConfigurationOptions

    func run() async throws {
        try await reporting {
            guard let report = try await TokenAdministration.auditKey(Configuration.uri(try options.settings())) else {
                throw Failure(.token, "the token has no audit key; run 'kms audit init' to make one")
            }
            let pem = try report.pem()
            guard let output else { return try StandardOutput.write(pem) }
            try Data(pem.utf8).withUnsafeBytes { try PrivateFile.create(output, $0) }
        }
    }
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
        commandName: "checkpoint", abstract: "Show the latest checkpoint, to publish it.",
        discussion: """
            The line as it stands in the chain. Keep such lines where whoever can write the audit files cannot: in a ticket, a mailbox, \
            a log of another machine. 'kms audit verify --published FILE' then finds that the chain was cut off or replaced.
            """)

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
