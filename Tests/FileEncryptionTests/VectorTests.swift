import Crypto
import Foundation
import Testing

@testable import FileEncryption

/// The file format, tested against files that other code made.
@Suite struct FileVectorTests {
    @Test(arguments: FileVector.all) func `a known data key and salt give the known bytes`(_ vector: FileVector)
        async throws
    {
        let folder = try Folder()
        let encryptor = try vector.encryptor()
        for (source, target, threads) in [(Folder.End.file, Folder.End.file, 3), (.pipe, .pipe, 2), (.file, .pipe, 1)] {
            let made = try await folder.run(vector.content, from: source, to: target) {
                (input, output) throws(FileEncryptionError) in
                try encryptor.run(from: input, to: output, threads: threads)
            }
            #expect(made.failure == nil)
            #expect(made.output.count == vector.fileLength)
            let digest = SHA256.hash(data: made.output).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            #expect(digest.joined() == vector.fileSHA256)
            if let file = vector.file { #expect(made.output == Hex.bytes(file)) }
        }
    }

    @Test(arguments: FileVector.all) func `what was encrypted comes back, by files and by pipes`(_ vector: FileVector)
        async throws
    {
        let folder = try Folder()
        let encryptor = try vector.encryptor()
        let made = try await folder.run(vector.content) { (input, output) throws(FileEncryptionError) in
            try encryptor.run(from: input, to: output, threads: 2)
        }
        let secret = vector.secret
        for (source, target, threads) in [(Folder.End.file, Folder.End.file, 3), (.pipe, .pipe, 2), (.file, .pipe, 1)] {
            let back = try await folder.run(made.output, from: source, to: target) {
                (input, output) throws(FileEncryptionError) in
                let header = try FileHeader(readFrom: input)
                try FileDecryptor(header: header, dataKey: secret).run(from: input, to: output, threads: threads)
            }
            #expect(back.failure == nil)
            #expect(back.output == vector.content)
        }
    }

    @Test func `the format document has the vectors`() throws {
        let page = FileVector.folder.appending(
            path: "../../../Sources/FileEncryption/FileEncryption.docc/FileEncryption.md")
        let text = try String(contentsOf: page, encoding: .utf8).filter { !$0.isWhitespace }
        for vector in FileVector.all {
            #expect(text.contains(vector.fileSHA256), "\(vector.name)")
        }
        let short = try #require(FileVector.all.first { $0.name == "one byte" })
        let file = try #require(short.file)
        #expect(text.contains(short.dataKey) && text.contains(file))
    }

    @Test func `the length of a content follows from that of the encrypted one`() {
        for length in [0, 1, 65535, 65536, 65537, 131072, 131073, 1_000_000] {
            let chunks = max(1, (length + 65535) / 65536)
            #expect(ChunkSize.standard.plaintextLength(ofEncrypted: UInt64(length + 16 * chunks)) == UInt64(length))
        }
        for impossible: UInt64 in [0, 15, 65552 + 16, 65552 + 1] {
            #expect(ChunkSize.standard.plaintextLength(ofEncrypted: impossible) == nil)
        }
    }
}
