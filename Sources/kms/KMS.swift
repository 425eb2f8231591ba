import ArgumentParser
import FoundationEssentials
import LibCrypto
import ProcessHardening

/// The one binary: server, local administration, and client.
@main
struct KMS: AsyncParsableCommand {
    static func main() async {
        StandardDescriptors.fill()
        do throws(Failure) {
            try ProcessTexts.check()
        } catch {
            StandardError.write("kms: \(error.code.word): \(error)\n")
            exit(withError: ExitCode(error.code.rawValue))
        }
        ExitHandler.omit()
        // This comes first, because the process still has one thread; every later thread inherits the confinement.
        if CommandLine.arguments.dropFirst().first == TokenProcessCommand.configuration.commandName {
            TokenConfinement.apply(ProcessInfo.processInfo.environment)
        }
        if CommandLine.arguments.dropFirst().first == ServeCommand.configuration.commandName {
            FreedMemory.keepMoreAtHand()
        }
        // Every command may hold a secret in memory. The configuration file applies to the commands that read it.
        let environment = ProcessInfo.processInfo.environment
        try? CoreDumps.set(allowed: environment[Setting.processCoreDumps.environmentName] == "true")
        FreedMemory.overwrite(environment[Setting.processZeroFreed.environmentName] != "false")
        await run(Array(CommandLine.arguments.dropFirst()))
    }

    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "kms",
        abstract: "Key management on a PKCS#11 token: root keys never leave it, version keys are used inside it.",
        discussion: """
            Local commands work on the token and the store of this machine and read a configuration file: token, root, \
            audit, init, serve, config, backup, ceremony, credential recover. Client commands speak to a running service (KMS_URL, \
            KMS_TOKEN_FILE): key, version, alias, \
            import-job, data-key, data-key-pair, encrypt, decrypt, re-encrypt, sign, verify, hmac, verify-hmac, public-key, random, \
            batch, file, health, whoami, project, subject, group, role, credential, access-key, access, service-key, approval, store, custody; and \
            root list, rotate, retire and certificate. Offline: custody show and verify, audit verify, backup verify, file info.

            Exit codes: 0 done; 1 failed; 2 configuration, or a file that cannot be written; 3 token; 4 store; 5 service not reached; \
            6 not authenticated or not allowed; 7 not found; 8 conflict or state; 9 bad or missing input, or decryption failed; \
            10 busy, try again; 11 signature, HMAC or document not valid; 64 usage.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, InitCommand.self, TokenCommand.self, RootCommand.self, AuditCommand.self,
            ConfigCommand.self, BackupCommand.self, StoreCommand.self, CustodyCommand.self, ApprovalCommand.self,
            CeremonyCommand.self,
            KeyCommand.self, VersionCommand.self, AliasCommand.self, ImportJobCommand.self, DataKeyCommand.self,
            DataKeyPairCommand.self, EncryptCommand.self, DecryptCommand.self, ReEncryptCommand.self, SignCommand.self,
            VerifyCommand.self, HMACCommand.self, VerifyHMACCommand.self,
            DeriveSharedSecretCommand.self, PublicKeyCommand.self, RandomCommand.self,
            BatchCommand.self, FileCommand.self, HealthCommand.self, WhoAmICommand.self, ProjectCommand.self,
            SubjectCommand.self,
            GroupCommand.self, RoleCommand.self, CredentialCommand.self, AccessKeyCommand.self, AccessCommand.self,
            ServiceKeyCommand.self, LoginCommand.self, LogoutCommand.self, ContextCommand.self, CompletionCommand.self,
            TokenProcessCommand.self,
        ])
}
