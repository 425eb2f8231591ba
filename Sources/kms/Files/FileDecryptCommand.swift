import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileDecryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt a file of 'kms file encrypt'.",
        discussion: """
            With --out, the file appears with mode 0600 when all of it is verified, or not at all. On standard output, each chunk appears \
            when it is verified. For a file, the last chunk is verified first, which detects truncation at once; with --verify-first, all \
            of it is. A pipe can be verified only as it arrives: if the command fails (exit code 9), discard its output.

            Example: kms file decrypt --in db.dump.kms --out db.dump
            Example: kms file decrypt --verify-first --context use=www --in www.tar.kms \\
                | tar x
            """)

    @Argument(help: "The key that must have encrypted the file, by name, alias or id. [any key of the project]")
    var key: String?

    @Option(
        name: .customLong("context"),
        help: "A pair NAME=VALUE of the file's whole encryption context; may be repeated. [any context]")
    var demanded: [String] = []

    @Flag(help: "Verify the whole file before any output; reads it twice.")
    var verifyFirst = false

    @OptionGroup var streams: FileStreams
    @OptionGroup var threads: ThreadOption
    @OptionGroup var options: ClientOptions

    func run() async throws {
        try await reporting { try await decrypt() }
    }

    private func decrypt() async throws {
        let input = try streams.open()
        let count = try threads.count()
        let header = try apart { () throws(Failure) in try self.header(of: input) }
        let request = try apart { try self.request(header) }
        let destination = try streams.destination(isSecret: true)
        let answer = try await options.send(request)
        let decryptor = try apart { () throws(Failure) in try self.decryptor(header, answer) }
        if verifyFirst { try await verify(input, decryptor, count) }
        let output = destination.output
        let progress = FileProgress("decrypting", total: input.remaining, isQuiet: streams.quiet)
        defer { progress.finish() }
        try await FileWork.run { () throws(FileEncryptionError) in
            try decryptor.run(from: input, to: output, threads: count) { progress.add($0) }
        }
        try destination.finish()
    }

    private func header(of input: FileInput) throws(Failure) -> FileHeader {
        let header = try FileWork.header(of: input)
        guard !verifyFirst || input.remaining != nil else {
            throw Failure(.input, "--verify-first requires a file: a pipe can be read only once")
        }
        return header
    }

    private func request(_ header: FileHeader) throws -> KMSRequest<DecryptAnswer> {
        .decrypt(
            header.wrappedKey.text, key: key, context: try FileWork.context(of: header, demanded: demanded))
    }

    private func decryptor(_ header: FileHeader, _ answer: DecryptAnswer) throws(Failure) -> FileDecryptor {
        let dataKey = try FileWork.dataKey(answer.plaintext)
        return try FileWork.mapping { () throws(FileEncryptionError) in
            try FileDecryptor(header: header, dataKey: dataKey)
        }
    }

    private func verify(_ input: FileInput, _ decryptor: FileDecryptor, _ count: Int) async throws {
        let progress = FileProgress("verifying", total: input.remaining, isQuiet: streams.quiet)
        defer { progress.finish() }
        try await FileWork.run { () throws(FileEncryptionError) in
            try decryptor.verify(input, threads: count) { progress.add($0) }
        }
    }
}
