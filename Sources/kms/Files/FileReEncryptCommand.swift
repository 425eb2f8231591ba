import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileReEncryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "re-encrypt",
        abstract: "Encrypt a file's data key under a key's default version; the content stays.",
        discussion: """
            The data key does not leave the service, and only the right to re-encrypt is needed, not that to decrypt. The context \
            stays. The content is copied byte for byte and not verified. It remains encrypted under the same data key: whoever has that \
            reads the new file, too.

            Example: kms file re-encrypt backups --in old.kms --out new.kms
            Example: kms file re-encrypt backups --in-place db.dump.kms
            """)

    @Argument(help: "The key to encrypt the data key under, by name, alias or id; an AES key.")
    var key: String

    @Option(help: "Replace this file: by a whole new one, in the end.")
    var inPlace: String?

    @Option(
        name: .customLong("context"),
        help: "A pair NAME=VALUE of the context that the file must be bound to, whole; may be repeated. Else any.")
    var demanded: [String] = []

    @OptionGroup var streams: FileStreams
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await reEncrypt() }
    }

    private func reEncrypt() async throws {
        guard inPlace == nil || (streams.input == nil && streams.output == nil && !streams.force) else {
            throw Failure(.input, "--in-place goes without --in, --out and --force")
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
            throw Failure(.input, "\(key) is no AES key; a file's data key is under one")
        }
        return try FileWork.mapping { () throws(FileEncryptionError) in try header.replacingWrappedKey(wrappedKey) }
    }
}
