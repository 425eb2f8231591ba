import ArgumentParser
import FileEncryption
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

    private struct Body: Encodable {
        let ciphertext: String
        let context: TextPairs?
    }

    func run() async throws {
        try await reporting { try await decrypt() }
    }

    private func decrypt() async throws {
        let input = try streams.open()
        let count = try threads.count()
        let header = try header(of: input)
        let body = try body(header)
        let destination = try streams.destination(isSecret: true)
        let path = key.map { PathText.key($0) + "/decrypt" } ?? "/api/v1/decrypt"
        let answer: DecryptAnswer = try await options.client().post(path, body)
        let decryptor = try decryptor(header, answer)
        if verifyFirst { try await verify(input, decryptor, count) }
        let output = destination.output
        let progress = FileProgress("decrypting", total: input.remaining, isQuiet: streams.quiet)
        defer { progress.finish() }
        try await FileWork.run { () throws(FileEncryptionError) in
            try decryptor.run(from: input, to: output, threads: count) { progress.add($0) }
        }
        try destination.finish()
    }

    @inline(never)
    private func header(of input: FileInput) throws(Failure) -> FileHeader {
        let header = try FileWork.header(of: input)
        guard !verifyFirst || input.remaining != nil else {
            throw Failure(.input, "--verify-first needs a file: what comes from a pipe comes once")
        }
        return header
    }

    @inline(never)
    private func body(_ header: FileHeader) throws -> Body {
        let demanded = try ContextOption.pairs(demanded, of: "--context")
        return Body(
            ciphertext: header.wrappedKey.text, context: try FileWork.context(of: header, demanded: demanded))
    }

    @inline(never)
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
