import ArgumentParser
import FoundationEssentials
import KeyManagement
import LibCrypto

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up the store and the audit log, and restore them.",
        discussion: """
            A backup contains wrapped keys and sealed records. It is useless without its token. The service keeps serving meanwhile.
            """,
        subcommands: [BackupCreate.self, BackupVerify.self, BackupRestore.self])
}

struct BackupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a backup while the service is running.",
        discussion: """
            The store and the audit log are copied as of one moment; the service's writes wait for milliseconds. Requires neither the \
            token nor its PIN. The folder must not exist; it appears when the backup is complete and on disk.

            Example: kms backup create /srv/backup/kms-2026-11-25
            """)

    @Argument(help: "The folder to create.")
    var directory: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: StoreConfigurationOptions

    func run() async throws {
        try await reporting {
            let settings = try options.settings()
            let manifest = try BackupWriter(
                storePath: try StoreLocation(settings).requireFile(for: "a backup").path,
                auditPath: try Configuration.auditPath(settings),
                destination: directory, isQuiet: output.json
            ).run()
            try output.show(manifest, as: manifest.table.text(in: .ofStandardOutput(isWide: true)))
        }
    }
}

struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a backup, also against the token.",
        discussion: """
            Without the token: verifies each file against the manifest, the database, and the audit log; with --public-key also the log's \
            signatures. With --token: also that the backup belongs to the configured token, and the seal of every record. Exit code 4 if \
            anything is wrong.

            Example: kms backup verify /srv/backup/kms-2026-11-25 --public-key audit.pem \\
                --token
            """)

    @Argument(help: "The backup's folder.")
    var directory: String

    @Option(
        name: .customLong("public-key"), help: "The public audit key, PEM; may be repeated if the token was replaced.")
    var keys: [String] = []

    @Flag(help: "Verify every seal in the configured token as well.")
    var token = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            guard token || options.isUnused else {
                throw Failure(.input, "--config, --token-uri and --store require --token")
            }
            var check = try BackupCheck(directory)
            check.auditKeys = try keys.map { PublicKeyInfo(der: try AuditVerify.key(at: $0).der) }
            check.isQuiet = output.json
            var findings = try check.findings()
            if token, findings.isEmpty {
                findings = try await SealCheck(check, Configuration(try options.settings())).findings()
            }
            try write(check.manifest, findings)
            guard findings.isEmpty else {
                throw Failure(.store, "the backup is not whole: " + findings.prefix(5).joined(separator: "; "))
            }
        }
    }

    private func write(_ manifest: BackupManifest, _ findings: [String]) throws {
        if output.json {
            return try JSONText.write(
                BackupReportJSON(isWhole: findings.isEmpty, findings: findings, manifest: manifest))
        }
        var table = manifest.table
        table.add("signatures", keys.isEmpty ? "not checked: use --public-key" : "checked")
        table.add("seals", token ? "checked in the token" : "not checked: use --token")
        table.add("result", findings.isEmpty ? "whole" : "NOT WHOLE")
        try StandardOutput.write(
            table.text(in: .ofStandardOutput(isWide: true)) + findings.map { "  \(DisplayText.safe($0))\n" }.joined())
    }
}

private struct BackupReportJSON: Encodable {
    let isWhole: Bool
    let findings: [String]
    let manifest: BackupManifest
}

extension BackupManifest {
    var table: PropertyTable {
        var table = PropertyTable()
        table.add("created", created)
        table.add("token", "\(token.label) (serial \(token.serialNumber), root epoch \(token.rootEpoch))")
        table.add("keys", "\(keys)")
        let states = versions.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        table.add("versions", states.isEmpty ? "none" : states)
        table.add("files", "\(files.count), \(files.reduce(0) { $0 + $1.bytes }) bytes")
        return table
    }
}
