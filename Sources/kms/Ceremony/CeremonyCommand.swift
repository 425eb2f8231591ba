import ArgumentParser
import FoundationEssentials
import Glibc
import KeyManagement
import LibCrypto
import SecretMemory

struct CeremonyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Run and rehearse key ceremonies.",
        discussion: """
            A ceremony initialises a token, creates its root keys, divides its PINs into shares, creates a store and signs a transcript. A \
            YAML file describes it; hsm-config/ceremony.yaml explains every line.

            Example: kms ceremony rehearse hsm-config/ceremony.yaml --out rehearsal
            Example: kms ceremony run ceremony.yaml --dry-run
            Example: kms ceremony combine user-pin-ann.share user-pin-eve.share --out pin
            """,
        subcommands: [CeremonyRun.self, CeremonyRehearse.self, CeremonyCombine.self])
}

struct CeremonyRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a ceremony, asking before each step.",
        discussion: """
            Checks the whole file and all preconditions first. Overwrites nothing, and reads back everything it creates. Ends with a \
            transcript signed in the token: 'kms custody verify transcript.json --audit-key audit.pem'. A step that fails or is not \
            confirmed ends the ceremony; the command lists what exists by then, to be destroyed with the token's own tools.

            Example: kms ceremony run ceremony.yaml --dry-run
            """)

    @Argument(help: "The YAML file.")
    var file: String

    @Flag(help: "Change nothing; check the preconditions and print the steps.")
    var dryRun = false

    @OptionGroup var confirmation: ConfirmationOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            if !confirmation.yes, !dryRun { try Confirmation.requireTerminal() }
            let plan = try CeremonyPlan(file: file)
            let ceremony = Ceremony(plan: plan, isRehearsal: false) { number, what in
                StandardError.write("\(number). \(what)\n")
                if !confirmation.yes { try Confirmation.ask("   Do it?", expecting: "yes") }
            }
            try await ceremony.validate()
            guard !dryRun else {
                let lines = ceremony.descriptions.enumerated().map { "\($0 + 1). \($1)\n" }
                return try output.show(["steps": ceremony.descriptions], as: lines.joined() + "nothing was done\n")
            }
            try show(try await ceremony.run(), in: plan.folder, output)
        }
    }
}

struct CeremonyRehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "Rehearse a ceremony on a temporary SoftHSM token.",
        discussion: """
            Performs the same steps without asking. The token is in a folder that is removed at the end; all files are written to the folder \
            of --out.

            Example: kms ceremony rehearse hsm-config/ceremony.yaml --out rehearsal
            """)

    @Argument(help: "The YAML file.")
    var file: String

    @Option(help: "The folder to create, for the ceremony's files.")
    var out: String

    @Option(help: "The path of SoftHSM's module.")
    var module = "/usr/lib/softhsm/libsofthsm2.so"

    @OptionGroup var output: OutputOptions

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
            try show(try await ceremony.run(), in: folder, output)
        }
    }
}

private struct CeremonyOutcome: Encodable {
    let isRehearsal: Bool
    let steps: Int
    let transcript: String
}

private func show(_ transcript: CeremonyTranscript, in folder: String, _ output: OutputOptions) throws {
    let outcome = CeremonyOutcome(
        isRehearsal: transcript.isRehearsal, steps: transcript.steps.count, transcript: folder + "/transcript.json")
    try output.show(
        outcome,
        as:
            "\(transcript.isRehearsal ? "rehearsed" : "done"): \(transcript.steps.count) steps; the signed transcript is in "
            + "\(folder)/transcript.json, and transcript.json.html prints\n")
    if !transcript.isRehearsal {
        StandardError.write(
            "Hand each custodian the shares of that name from \(folder)/shares, and erase them here.\n")
    }
}

struct CeremonyCombine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "combine", abstract: "Combine custodians' shares into a PIN.",
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
            try StandardOutput.write("Combined \(shares.count) shares into a PIN; written to \(out)\n")
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
