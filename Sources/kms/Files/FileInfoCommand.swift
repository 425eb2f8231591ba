import ArgumentParser
import FileEncryption
import KMSClient
import KeyManagement

struct FileInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show the header of an encrypted file.",
        discussion: """
            Requires neither the service nor a token. Verifies nothing: the header is authenticated only by decryption. Use it to find the \
            key of a file.

            Example: kms file info db.dump.kms
            """)

    @Argument(help: "The encrypted file, or '-'. [standard input]")
    var file: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await reporting {
            var streams = FileStreams()
            streams.input = file
            let input = try streams.open()
            let header = try FileWork.header(of: input)
            let information = FileInformation(header, contentLength: input.remaining)
            try output.show(information)
        }
    }
}

/// The content of a file's header, with the lengths of the file.
struct FileInformation: PrintableAnswer {
    let format = 1
    let keyId: String
    let version: UInt32
    let context: NameValuePairs
    let chunkBytes: Int
    let headerBytes: Int
    /// The length of the encrypted content, and that of the plaintext if the file was neither truncated nor extended. Nil for a pipe.
    let encryptedBytes: UInt64?
    let plaintextBytes: UInt64?
    /// The data key as encrypted by the service, for 'kms decrypt'.
    let dataKeyCiphertext: String
    /// Always false, because reading the header verifies nothing.
    let verified = false

    init(_ header: FileHeader, contentLength: UInt64?) {
        keyId = header.wrappedKey.version.key.description
        version = header.wrappedKey.version.number.value
        context = NameValuePairs(header.context)
        chunkBytes = header.chunkSize.byteCount
        headerBytes = header.byteCount
        encryptedBytes = contentLength
        plaintextBytes = contentLength.flatMap { header.chunkSize.plaintextLength(ofEncrypted: $0) }
        dataKeyCiphertext = header.wrappedKey.text
        contextText = FileWork.text(of: header.context)
    }

    private let contextText: String

    private enum CodingKeys: CodingKey {
        case format, keyId, version, context, chunkBytes, headerBytes, encryptedBytes, plaintextBytes, dataKeyCiphertext
        case verified
    }

    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("format", "\(format)")
        table.add("key", "\(keyId) version \(version)")
        table.add("context", contextText.isEmpty ? "none" : contextText)
        table.add("chunks", "\(chunkBytes) bytes")
        table.add("header", "\(headerBytes) bytes")
        if let encryptedBytes { table.add("encrypted content", "\(encryptedBytes) bytes") }
        if encryptedBytes != nil {
            table.add("content", plaintextBytes.map { "\($0) bytes" } ?? "truncated: no plaintext has this length")
        }
        table.add("data key", dataKeyCiphertext)
        table.add("verified", "no: the header is authenticated by decryption only")
        return table.text(in: style)
    }
}
