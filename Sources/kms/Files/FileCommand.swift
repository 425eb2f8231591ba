import ArgumentParser

/// Encrypts and decrypts files of any length locally, under a data key of the service.
struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Encrypt and decrypt files of any length locally.",
        discussion: """
            Each file has a data key of its own from the service; its ciphertext is in the file's header. The content is never sent to the \
            service. It is encrypted in chunks by AES-256-GCM, each bound to its place in the file, so that truncated, reordered, mixed or \
            changed content is detected before it is output. Memory use does not depend on the length.

            Example: kms file encrypt backups --in db.dump --out db.dump.kms
            Example: kms file decrypt --in db.dump.kms --out db.dump
            Example: tar c /srv/www | kms file encrypt backups --context use=www \\
                > www.tar.kms
            Example: kms file decrypt --in www.tar.kms | tar x
            """,
        subcommands: [
            FileEncryptCommand.self, FileDecryptCommand.self, FileInfoCommand.self, FileReEncryptCommand.self,
        ])
}
