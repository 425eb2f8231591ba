import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileEncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt a file or standard input.",
        discussion: """
            The encryption context is stored readably in the file's header. The service decrypts the data key only with the same context. \
            A file that grows meanwhile is encrypted up to its length at the start.

            Example: kms file encrypt backups --in db.dump --out db.dump.kms
            Example: tar c /srv/www | kms file encrypt backups --context use=www \\
                > www.tar.kms
            """)

    @Argument(help: "The key's name, alias or id; an AES key.")
    var key: String

    @OptionGroup var context: ContextOption
    @OptionGroup var streams: FileStreams
    @OptionGroup var threads: ThreadOption
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await encrypt() }
    }

    private func encrypt() async throws {
        let pairs = try context.context()
        let count = try threads.count()
        let input = try streams.open()
        let destination = try streams.destination(isSecret: false)
        let answer = try await options.send(.issueDataKey(for: key, context: pairs))
        let encryptor = try apart { try self.encryptor(answer, pairs) }
        let output = destination.output
        let progress = FileProgress("encrypting", total: input.remaining, isQuiet: streams.quiet)
        defer { progress.finish() }
        try await FileWork.run { () throws(FileEncryptionError) in
            try encryptor.run(from: input, to: output, threads: count) { progress.add($0) }
        }
        try destination.finish()
    }

    private func encryptor(_ answer: DataKeyAnswer, _ pairs: NameValuePairs) throws -> FileEncryptor {
        let dataKey = try FileWork.dataKey(answer.plaintext)
        let wrappedKey = try FileWork.wrappedKey(answer.ciphertext)
        let context = try EncryptionContext(pairs: pairs)
        return try FileWork.mapping { () throws(FileEncryptionError) in
            try FileEncryptor(dataKey: dataKey, wrappedKey: wrappedKey, context: context)
        }
    }
}
