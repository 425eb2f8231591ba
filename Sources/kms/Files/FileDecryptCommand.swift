import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileDecryptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt what 'kms file encrypt' made.",
        discussion: """
            With --out the file is there when all of it is verified, and else not at all (mode 0600). To standard output each chunk goes \
            when it is verified; of a file, the last one is verified before anything goes out, so that what was cut off is found at \
            once, and with --verify-first all of it. What comes from a pipe can only be verified as it comes: when the command fails \
            (code 9), throw away what came out of it.

            Example: kms file decrypt --in db.dump.kms --out db.dump
            Example: kms file decrypt --verify-first --context use=www --in www.tar.kms | tar x
            """)

    @Argument(help: "The key that must have made the file, by name, alias or id; else any key of the project may have.")
    var key: String?

    @Option(
        name: .customLong("context"),
        help: "A pair NAME=VALUE of the context that the file must be bound to, whole; may be repeated. Else any.")
    var demanded: [String] = []

    @Flag(help: "Read a file twice, and pass on nothing before all of it is verified.")
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
            throw Failure(.input, "--verify-first needs a file: what comes from a pipe comes once")
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
