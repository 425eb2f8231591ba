import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileReEncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Re-encrypt a file's data key under another key.",
        discussion: """
            The key's default version encrypts. The data key does not leave the service, and the caller needs no right to decrypt. The \
            context stays the same. The content is copied without verification and remains encrypted under the same data key, which \
            therefore still decrypts it.

            Example: kms file re-encrypt backups --in old.kms --out new.kms
            Example: kms file re-encrypt backups --in-place db.dump.kms
            """)

    @Argument(help: "The AES key that encrypts the data key, by name, alias or id.")
    var key: String

    @Option(help: "Replace this file when the new one is complete.")
    var inPlace: String?

    @Option(
        name: .customLong("context"),
        help: "A pair NAME=VALUE of the file's whole encryption context; may be repeated. [any context]")
    var demanded: [String] = []

    @OptionGroup var streams: FileStreams
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await reEncrypt() }
    }

    private func reEncrypt() async throws {
        guard inPlace == nil || (streams.input == nil && streams.output == nil && !streams.force) else {
            throw Failure(.input, "--in-place excludes --in, --out and --force")
        }
        let input = try inPlace.map { (path) throws(Failure) in try FileStreams.open(path) } ?? streams.open()
        let header = try FileWork.header(of: input)
        let request = try apart { try self.request(header) }
        let destination = try apart { () throws(Failure) in try self.destination() }
        let answer = try await options.send(request)
        let new = try apart { () throws(Failure) in try self.replacing(header, answer) }
        let output = destination.output
        let progress = FileProgress("copying", total: input.remaining, isQuiet: streams.quiet)
        defer { progress.finish() }
        try await FileWork.run { () throws(FileEncryptionError) in
            try FileCopy.run(new, contentFrom: input, to: output) { progress.add($0) }
        }
        try destination.finish()
    }

    private func request(_ header: FileHeader) throws -> KMSRequest<ReEncryptAnswer> {
        let context = try FileWork.context(of: header, demanded: demanded)
        return .reEncrypt(header.wrappedKey.text, under: key, sourceContext: context, context: context)
    }

    private func destination() throws(Failure) -> FileStreams.Destination {
        guard let inPlace else { return try streams.destination(isSecret: false) }
        let file = try NewFile(inPlace, mode: 0o600, isReplacing: true)
        try file.copyMode(from: inPlace)
        return .file(file)
    }

    private func replacing(_ header: FileHeader, _ answer: ReEncryptAnswer) throws(Failure) -> FileHeader {
        let wrappedKey = try FileWork.wrappedKey(answer.ciphertext)
        guard wrappedKey.box != nil else {
            throw Failure(.input, "'\(key)' is not an AES key")
        }
        return try FileWork.mapping { () throws(FileEncryptionError) in try header.replacingWrappedKey(wrappedKey) }
    }
}
