import ArgumentParser
import FoundationEssentials
import KeyManagement
import LibCrypto

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up the store and the audit chain, check a backup, and restore one.",
        discussion: """
            A backup has wrapped keys and sealed records, and nobody can use it without the token it belongs to. It is made while the \
            service works.
            """,
        subcommands: [BackupCreate.self, BackupVerify.self, BackupRestore.self])
}

struct BackupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a backup, while the service works.",
        discussion: """
            Store and chain are of one moment; the service's writes wait for milliseconds. Needs neither the token nor its PIN. The \
            folder must not be there; it appears when the backup is whole and on disk.

            Example: kms backup create /srv/backup/kms-2026-11-25
            """)

    @Argument(help: "The folder to make.")
    var directory: String

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: StoreConfigurationOptions

    func run() async throws {
        try await reporting {
            let settings = try options.settings()
            let manifest = try BackupWriter(
                storePath: try settings.required(.storePath).text, auditPath: try Configuration.auditPath(settings),
                destination: directory, isQuiet: output.json
            ).run()
            try output.show(manifest, as: manifest.table.text)
        }
    }
}

struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that a backup is whole, and with the token that it can be used.",
        discussion: """
            Without the token: each file is as the manifest says, the store is a whole database, the audit chains are whole; with \
            --public-key their signatures, too. With --token: the backup belongs to the configured token, and the seal of every record \
            is right. Ends with code 4 when anything is wrong.

            Example: kms backup verify /srv/backup/kms-2026-11-25 --public-key audit.pem --token
            """)

    @Argument(help: "The backup's folder.")
    var directory: String

    @Option(
        name: .customLong("public-key"), help: "The audit key's public half, PEM. Several, if the token was replaced.")
    var keys: [String] = []

    @Flag(help: "Check every seal in the configured token, too.")
    var token = false

    @OptionGroup var output: OutputOptions

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reporting {
            guard token || options.isUnused else {
                throw Failure(.input, "--config, --token-uri and --store go with --token")
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
        table.add("signatures", keys.isEmpty ? "not checked; give --public-key" : "checked")
        table.add("seals", token ? "checked in the token" : "not checked; give --token")
        table.add("result", findings.isEmpty ? "whole" : "NOT WHOLE")
        try StandardOutput.write(table.text + findings.map { "  \($0)\n" }.joined())
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
