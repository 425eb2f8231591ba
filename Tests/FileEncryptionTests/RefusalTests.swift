import Foundation
import KeyManagement
import LibCrypto
import SecretMemory
import Testing

@testable import FileEncryption

/// A modified file is refused, and none of its wrong content is written.
@Suite struct FileRefusalTests {
    /// The chunk size of the encrypted files, in bytes.
    private static let chunk = 4096

    private func encrypt(
        _ content: [UInt8], dataKey: UInt8 = 7, salt: UInt8 = 1, in folder: Folder
    ) async throws -> [UInt8] {
        let wrapped = [UInt8(1)] + KeyID().bytes + [0, 0, 0, 1] + [UInt8](repeating: 0xAB, count: 60)
        let encryptor = try FileEncryptor(
            dataKey: SecretBytes(copying: [UInt8](repeating: dataKey, count: 32)),
            wrappedKey: #require(Ciphertext(bytes: wrapped)), context: EncryptionContext(["use": "test"]),
            chunkSize: #require(ChunkSize(exponent: 12)), salt: [UInt8](repeating: salt, count: 32))
        let made = try await folder.run(content) { (input, output) throws(FileEncryptionError) in
            try encryptor.run(from: input, to: output, threads: 2)
        }
        #expect(made.failure == nil)
        return made.output
    }

    private func decrypt(
        _ file: [UInt8], from source: Folder.End = .file, in folder: Folder, threads: Int = 2
    ) async throws -> Folder.Result {
        let secret = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
        return try await folder.run(file, from: source, to: .pipe) { (input, output) throws(FileEncryptionError) in
            let header = try FileHeader(readFrom: input)
            try FileDecryptor(header: header, dataKey: secret).run(from: input, to: output, threads: threads)
        }
    }

    /// Returns the header and the chunks.
    private func parts(_ file: [UInt8]) -> (header: [UInt8], chunks: [[UInt8]]) {
        let length = 159 + 11
        let payload = Array(file[length...])
        return (
            Array(file[..<length]),
            stride(from: 0, to: payload.count, by: Self.chunk + 16).map {
                Array(payload[$0..<min($0 + Self.chunk + 16, payload.count)])
            }
        )
    }

    private static func joined(_ header: [UInt8], _ chunks: ArraySlice<[UInt8]>) -> [UInt8] {
        chunks.reduce(into: header) { $0 += $1 }
    }

    @Test func `every byte counts, but those that only the service can check`() async throws {
        let folder = try Folder()
        let content = FileVector.content(300)
        let file = try await encrypt(content, in: folder)
        let header = parts(file).header.count
        let wrapped = (header - 81)..<header
        for index in file.indices {
            var changed = file
            changed[index] ^= 1 << UInt8(index % 8)
            let result = try await decrypt(changed, in: folder)
            if wrapped.contains(index) {
                // The service refuses a wrong ciphertext of its own. Here it is only another data key, or none.
                if result.failure == nil { #expect(result.output == content) } else { #expect(result.output.isEmpty) }
            } else {
                #expect(result.failure != nil, "byte \(index)")
                #expect(result.output.isEmpty, "byte \(index)")
            }
        }
    }

    @Test func `a file that was cut off is refused at every length, and nothing of it is passed on`() async throws {
        let folder = try Folder()
        let file = try await encrypt(FileVector.content(300), in: folder)
        for length in 0..<file.count {
            for source in Folder.End.allCases {
                let result = try await decrypt(Array(file[..<length]), from: source, in: folder)
                #expect(result.failure != nil && result.output.isEmpty, "\(length) bytes")
            }
        }
    }

    @Test func `whole chunks that are missing at the end are missed: of a file, before anything is passed on`()
        async throws
    {
        let folder = try Folder()
        // More than two groups of chunks.
        let content = FileVector.content(600 * Self.chunk + 5)
        let (header, chunks) = parts(try await encrypt(content, in: folder))
        for count in [0, 1, 2, 255, 256, 257, 512, 600] {
            let cut = Self.joined(header, chunks[..<count])
            let fromFile = try await decrypt(cut, in: folder)
            #expect(fromFile.failure == .endNotAuthentic && fromFile.output.isEmpty, "\(count) chunks")
            let fromPipe = try await decrypt(cut, from: .pipe, in: folder)
            #expect(fromPipe.failure == .endNotAuthentic, "\(count) chunks")
            #expect(content.starts(with: fromPipe.output))
        }
    }

    @Test(arguments: [0, 1, 255, 256, 520]) func `chunks have their places`(_ place: Int) async throws {
        let folder = try Folder()
        let content = FileVector.content(600 * Self.chunk)
        let file = try await encrypt(content, in: folder)
        let (header, chunks) = parts(file)
        var swapped = chunks
        swapped.swapAt(place, place + 1)
        var doubled = chunks
        doubled.insert(chunks[place], at: place)
        var missing = chunks
        missing.remove(at: place)
        // A doubled chunk is right at its first place.
        for (what, wrong, good) in [
            ("swapped", swapped, place), ("doubled", doubled, place + 1), ("missing", missing, place),
        ] {
            for source in Folder.End.allCases {
                let result = try await decrypt(Self.joined(header, wrong[...]), from: source, in: folder)
                #expect(result.failure != nil, "\(what)")
                #expect(result.output.count <= good * Self.chunk && content.starts(with: result.output), "\(what)")
            }
        }
    }

    @Test func `what follows the last chunk is refused`() async throws {
        let folder = try Folder()
        let (header, chunks) = parts(try await encrypt(FileVector.content(3 * Self.chunk), in: folder))
        let whole = Self.joined(header, chunks[...])
        for more in [[0], [UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 100), chunks[2], Array(whole)]
        {
            for source in Folder.End.allCases {
                let result = try await decrypt(whole + more, from: source, in: folder)
                #expect(result.failure != nil && result.output.count < 3 * Self.chunk)
            }
        }
        // The same key, the adjacent position, no content: the output of an encryptor that never ends a file at a chunk boundary.
        #expect(try await decrypt(whole, in: folder).output.count == 3 * Self.chunk)
    }

    @Test func `chunks and headers of other files do not fit, not even under the same data key`() async throws {
        let folder = try Folder()
        let mine = parts(try await encrypt(FileVector.content(3 * Self.chunk), in: folder))
        for (dataKey, salt) in [(UInt8(7), UInt8(2)), (8, 1), (8, 2)] {
            let theirs = parts(
                try await encrypt(FileVector.content(3 * Self.chunk), dataKey: dataKey, salt: salt, in: folder))
            for place in 0..<3 {
                var mixed = mine.chunks
                mixed[place] = theirs.chunks[place]
                for source in Folder.End.allCases {
                    let result = try await decrypt(Self.joined(mine.header, mixed[...]), from: source, in: folder)
                    #expect(result.failure != nil && result.output.count <= place * Self.chunk)
                }
            }
            let result = try await decrypt(Self.joined(theirs.header, mine.chunks[...]), in: folder)
            #expect(result.failure != nil && result.output.isEmpty)
        }
    }

    @Test func `an empty chunk ends an empty file only`() async throws {
        let folder = try Folder()
        let (header, chunks) = parts(try await encrypt(FileVector.content(Self.chunk), in: folder))
        // Made by a holder of the data key: the chunk as a middle one, and an empty last one.
        let keys = try FileKeys(
            dataKey: SecretBytes(copying: [UInt8](repeating: 7, count: 32)), salt: [UInt8](repeating: 1, count: 32))
        let cipher = try keys.cipher(.sealing)
        var first = FileVector.content(Self.chunk) + [UInt8](repeating: 0, count: 16)
        try first.withUnsafeMutableBytes { try cipher.seal($0, number: 0, isLast: false) }
        var second = [UInt8](repeating: 0, count: 16)
        try second.withUnsafeMutableBytes { try cipher.seal($0, number: 1, isLast: true) }
        #expect(try await decrypt(header + first + second, in: folder).failure == .endNotAuthentic)
        #expect(try await decrypt(header + first + second, from: .pipe, in: folder).failure == .endNotAuthentic)
        #expect(try await decrypt(header + chunks[0], in: folder).failure == nil)
    }

    @Test func `a header's lengths are bounded, and what is wrong with it is said`() async throws {
        let folder = try Folder()
        let file = try await encrypt(FileVector.content(10), in: folder)
        func failure(_ change: (inout [UInt8]) -> Void) async throws -> FileEncryptionError? {
            var changed = file
            change(&changed)
            return try await decrypt(changed, from: .pipe, in: folder).failure
        }
        #expect(try await failure { $0[8] = 2 } == .unknownFormat(2))
        for exponent: UInt8 in [0, 11, 21, 63, 64, 255] {
            #expect(
                try await failure { $0[9] = exponent }
                    == .malformedHeader("chunks of 2^\(exponent) bytes are not allowed"))
        }
        for (high, low) in [(UInt8(0), UInt8(0)), (0, 1), (32, 1), (255, 255)] {
            guard case .malformedHeader = try await failure({ ($0[10], $0[11]) = (high, low) }) else {
                Issue.record("a context of \(high), \(low)")
                continue
            }
        }
        // More pairs than present, the same name twice, a name without end.
        #expect(try await failure { $0[45] = 2 } == .malformedHeader("its context cannot be read"))
        #expect(try await failure { $0[46] = 0xFF } == .malformedHeader("its context cannot be read"))
        #expect(try await failure { $0 = Array("age-encryption.org/v1\n".utf8) } == .notEncrypted)
        #expect(try await failure { $0 = [] } == .notEncrypted)
        #expect(try await failure { $0 = Array($0[..<20]) } == .headerCutOff)
        #expect(try await failure { $0[20] ^= 1 } == .headerNotAuthentic)
    }

    @Test func `another data key is found by the header`() async throws {
        let folder = try Folder()
        let file = try await encrypt(FileVector.content(10), dataKey: 9, in: folder)
        #expect(try await decrypt(file, in: folder).failure == .headerNotAuthentic)
    }
}
