import ArgumentParser

/// Encrypts and decrypts files of any length locally, under a data key of the service.
struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Encrypt and decrypt files of any length here, each under a data key of its own from the service.",
        discussion: """
            The content never goes to the service: it issues a data key, and its ciphertext stands in the encrypted file's header. The \
            content is cut into chunks, each sealed by AES-256-GCM to its place in its file, so that what was cut off, reordered, \
            mixed or changed is found before it is passed on. Memory is the same for every length.

            Example: kms file encrypt backups --in db.dump --out db.dump.kms
            Example: kms file decrypt --in db.dump.kms --out db.dump
            Example: tar c /srv/www | kms file encrypt backups --context use=www > www.tar.kms
            Example: kms file decrypt --in www.tar.kms | tar x
            """,
        subcommands: [
            FileEncryptCommand.self, FileDecryptCommand.self, FileInfoCommand.self, FileReEncryptCommand.self,
        ])
}
