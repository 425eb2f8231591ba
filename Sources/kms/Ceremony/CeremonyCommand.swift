import ArgumentParser
import FoundationEssentials
import Glibc
import KeyManagement
import LibCrypto
import SecretMemory

struct CeremonyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Key ceremonies: rehearse and run them.",
        discussion: """
            One YAML file describes it; hsm-config/ceremony.yaml is an example with every line explained.

            Example: kms ceremony rehearse hsm-config/ceremony.yaml --out rehearsal
            Example: kms ceremony run ceremony.yaml --dry-run
            Example: kms ceremony combine user-pin-ann.share user-pin-eve.share --out pin
            """,
        subcommands: [CeremonyRun.self, CeremonyRehearse.self, CeremonyCombine.self])
}

struct CeremonyRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Perform a ceremony, asking before each step.",
        discussion: """
            The whole file is checked first, and that no file or token is in the way. Nothing is overwritten, and everything created is \
            read back. At the end the token signs a transcript: transcript.json.html prints on A4, and 'kms custody verify \
            transcript.json --audit-key audit.pem' verifies it. A step that fails or is not confirmed ends the ceremony; what exists by \
            then stays, and is removed with the token's own tools.

            Example: kms ceremony run ceremony.yaml --dry-run
            """)

    @Argument(help: "The YAML file.")
    var file: String

    @Flag(help: "Show what would be done, and check that it could be; do nothing.")
    var dryRun = false

    @Flag(help: "Do not ask before each step.")
    var yes = false

    func run() async throws {
        try await reporting {
            let plan = try CeremonyPlan(file: file)
            let ceremony = Ceremony(plan: plan, isRehearsal: false) { number, what in
                StandardError.write("\(number). \(what)\n")
                if !yes { try Confirmation.ask("   Do it?", expecting: "yes") }
            }
            try await ceremony.validate()
            guard !dryRun else {
                let lines = ceremony.descriptions.enumerated().map { "\($0 + 1). \($1)\n" }
                try StandardOutput.write(lines.joined() + "nothing was done\n")
                return
            }
            try show(try await ceremony.run(), in: plan.folder)
        }
    }
}

struct CeremonyRehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "Perform a ceremony on a throw-away SoftHSM token.",
        discussion: """
            The steps are the same, but the token is in a folder that is removed at the end, and all files are written to --out. It asks \
            no questions.

            Example: kms ceremony rehearse hsm-config/ceremony.yaml --out rehearsal
            """)

    @Argument(help: "The YAML file.")
    var file: String

    @Option(help: "The folder to make, for what the ceremony writes.")
    var out: String

    @Option(help: "SoftHSM's module.")
    var module = "/usr/lib/softhsm/libsofthsm2.so"

    func run() async throws {
        try await reporting {
            let asked = try CeremonyPlan(file: file)
            let folder = out.hasPrefix("/") ? out : FileManager.default.currentDirectoryPath + "/" + out
            try PrivateFile.requireFree(folder)
            try BackupFile.makeFolder(folder)
            let tokens = folder + "/throw-away-token"
            try BackupFile.makeFolder(tokens)
            defer { try? FileManager.default.removeItem(atPath: tokens) }
            let text = "directories.tokendir = \(tokens)\nobjectstore.backend = file\nlog.level = ERROR\n"
            try SignedFiles.write(Array(text.utf8), to: tokens + "/softhsm2.conf")
            // Set before the module is loaded, because the module reads the variable then.
            setenv("SOFTHSM2_CONF", tokens + "/softhsm2.conf", 1)
            let plan = CeremonyPlan(rehearsing: asked, module: module, in: folder)
            let ceremony = Ceremony(plan: plan, isRehearsal: true) { number, what in
                StandardError.write("\(number). \(what)\n")
            }
            try await ceremony.validate()
            try show(try await ceremony.run(), in: folder)
        }
    }
}

private func show(_ transcript: CeremonyTranscript, in folder: String) throws {
    try StandardOutput.write(
        "\(transcript.isRehearsal ? "rehearsed" : "done"): \(transcript.steps.count) steps; the signed transcript is in "
            + "\(folder)/transcript.json, and transcript.json.html prints\n")
    if !transcript.isRehearsal {
        StandardError.write(
            "Hand each custodian the shares of that name from \(folder)/shares, and erase them here.\n")
    }
}

struct CeremonyCombine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "combine", abstract: "Reconstruct a PIN from custodians' shares.",
        discussion: "Example: kms ceremony combine user-pin-ann.share user-pin-eve.share --out pin")

    @Argument(help: "The files with the shares.")
    var shares: [String]

    @Option(help: "Write the PIN to this new file, with mode 0600.")
    var out: String

    func run() async throws {
        try await reporting {
            try PrivateFile.requireFree(out)
            var secret: [UInt8]
            do {
                secret = try Shamir.combine(
                    try shares.map { try Share(text: InputText.read(try SignedFiles.bytes($0), of: $0)) })
            } catch let error as SharingError {
                throw Failure(.input, "\(error)")
            }
            defer { for index in secret.indices { secret[index] = 0 } }
            try secret.withUnsafeBytes { try PrivateFile.create(out, $0) }
            try StandardOutput.write("PIN reconstructed from \(shares.count) shares; written to \(out)\n")
        }
    }
}

/// The audit key in PEM, as auditors take it along.
enum AuditKeyPEM {
    static func text(of key: PublicKeyInfo) throws(Failure) -> String {
        do throws(LibCryptoError) {
            return try PublicKey(der: key.der).pem
        } catch {
            throw Failure(.token, "the audit key cannot be read: \(error)")
        }
    }
}
