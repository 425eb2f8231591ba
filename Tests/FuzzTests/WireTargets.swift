import Foundation
import KeyManagement
import SecretMemory

@testable import TokenProcess

#if canImport(Glibc)
    import Glibc
#endif

extension FuzzTarget {
    static let wireTargets = [requests, answers]

    /// The input of the token's process: frames of requests.
    private static let requests = FuzzTarget("wire-request", samples: { requestSamples }) {
        (bytes) throws(BrokenProperty) in
        try frames(bytes) { (kind, reader) throws(WireError) in
            guard let request = Frame.Request(rawValue: kind) else { throw WireError("request \(kind)") }
            switch request {
            case .start: _ = try reader.optional { (reader) throws(WireError) in try reader.bytes() }
            case .ping: break
            case .call(let tag): _ = try TokenWork(tag, &reader)
            }
        }
    }

    /// The input of the service: frames of answers. The kind is that of the request, modulo the number of kinds.
    private static let answers = FuzzTarget("wire-answer", samples: { answerSamples }) {
        (bytes) throws(BrokenProperty) in
        try frames(bytes) { (kind, reader) throws(WireError) in
            if kind >= 0x80 {
                guard let answer = Frame.Answer(rawValue: kind & 0x7F) else { throw WireError("answer \(kind)") }
                _ = try reader.error(answer)
            } else {
                try readBody(kind % readingCount, &reader)
            }
        }
    }

    private static let readingCount: UInt8 = 14

    /// Reads the body of one kind of answer.
    private static func readBody(_ kind: UInt8, _ reader: inout WireReader) throws(WireError) {
        switch kind {
        case 0: _ = try reader.opening()
        case 1: _ = try reader.list(exactly: 2) { (reader) throws(WireError) in try reader.box() }
        case 2: _ = try reader.results(exactly: 2)
        case 3:
            _ = try reader.list(exactly: 2) { (reader) throws(WireError) in
                TokenDataKey(plaintext: try reader.secret(), box: try reader.box())
            }
        case 4: _ = try reader.list(exactly: 2) { (reader) throws(WireError) in try reader.bytes() }
        case 5: _ = try reader.json(TokenFacts.self)
        case 6: _ = try reader.json([KeyExamination].self)
        case 7: _ = try reader.newKey()
        case 8: _ = try reader.list(exactly: 2) { (reader) throws(WireError) in try reader.seal() }
        case 9: _ = try reader.list(exactly: 2) { (reader) throws(WireError) in try reader.byte() == 1 }
        case 10: _ = try reader.list(exactly: 2) { (reader) throws(WireError) in try reader.wrappedKey() }
        case 11:
            try repeated(try reader.identity(), { $0.put($1) }) { (reader) throws(WireError) in try reader.identity() }
        case 12:
            try repeated(try reader.importJob(), { $0.put($1) }) { (reader) throws(WireError) in
                try reader.importJob()
            }
        default:
            try repeated(try reader.versionKey(), { $0.put($1) }) { (reader) throws(WireError) in
                try reader.versionKey()
            }
        }
    }

    /// Reads the bytes from a socket through an inbox, as either process does.
    private static func frames(
        _ bytes: [UInt8], _ read: (UInt8, inout WireReader) throws(WireError) -> Void
    ) throws(BrokenProperty) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw BrokenProperty("no socket: \(errno)")
        }
        // At most the capacity of a socket, so that no reader is needed yet.
        _ = bytes.withUnsafeBytes { send(ends[0], $0.baseAddress, $0.count, 0) }
        close(ends[0])
        try? Inbox(OwnedDescriptor(ends[1])).read { (_, kind, reader) throws(WireError) in
            try read(kind, &reader)
            return true
        }
    }

    /// Returns a frame with a kind, followed by the writer's output.
    private static func frame(_ kind: UInt8, _ body: (inout WireWriter) -> Void) -> [UInt8] {
        bytes(in: WireBuffer(capacity: 64)) { Frame.append(to: $0, id: 7, kind: kind, body) }
    }

    private static let wrapped = WrappedKey(
        mechanism: WrapMechanism.allCases[0], epoch: .first, blob: [UInt8](repeating: 8, count: 40))
    private static let key = VersionKey(
        id: VersionID(key: KeyID(bytes: [UInt8](repeating: 7, count: 16)) ?? KeyID(), number: .first),
        algorithm: .aes256GCM96, usage: .encryptDecrypt, wrapped: wrapped)
    private static let box = SealedBox(
        nonce: [UInt8](repeating: 1, count: 12), ciphertextAndTag: [UInt8](repeating: 2, count: 48))

    private static let requestSamples: [[UInt8]] = [
        frame(Frame.Request.start.rawValue) { $0.put(UInt8(0)) }
            + frame(CallTag.generateKey.rawValue) {
                $0.put(KeyAlgorithm.aes256GCM96.rawValue)
                $0.put(KeyUsage.encryptDecrypt.rawValue)
            },
        frame(CallTag.encrypt.rawValue) { writer in
            writer.put(key)
            writer.put([[UInt8]([1, 2, 3])]) { [writer] in
                writer.put($0)
                writer.put([UInt8]([4]))
            }
        },
        frame(CallTag.decrypt.rawValue) { writer in
            writer.put(key)
            writer.put([box]) { [writer] in
                writer.put($0)
                writer.put([UInt8]([4]))
            }
        },
        frame(CallTag.seal.rawValue) { writer in writer.put([[UInt8]([1])]) { [writer] in writer.put($0) } },
        frame(CallTag.sign.rawValue) { writer in
            writer.put(key)
            writer.put(SignatureAlgorithm.allCases[0].rawValue)
            writer.put([[UInt8]([1])]) { [writer] in writer.put($0) }
        },
        frame(CallTag.rewrap.rawValue) { writer in
            let key = KeyToRewrap(
                name: "a", algorithm: .aes256GCM96, purpose: .version(.encryptDecrypt), wrapped: wrapped,
                publicKey: nil)
            writer.put([key]) { [writer] in writer.put($0) }
        },
    ]

    private static let answerSamples: [[UInt8]] = [
        frame(0) { $0.put(.failure(TokenProcessError("a", isFinal: true))) },
        frame(1) { writer in writer.put([box]) { [writer] in writer.put($0) } },
        frame(2) { $0.put([.success(SecretBytes(copying: [1, 2])), .failure(TokenError.rejected)]) },
        frame(4) { writer in writer.put([[UInt8]([1])]) { [writer] in writer.put($0) } },
        frame(7) { $0.put(NewKey(wrapped: wrapped, publicKey: nil, checkValue: nil)) },
        frame(8) { writer in
            writer.put([Seal(epoch: .first, code: [UInt8](repeating: 1, count: 32))]) { [writer] in writer.put($0) }
        },
        frame(10) { writer in writer.put([wrapped]) { [writer] in writer.put($0) } },
        frame(13) { $0.put(key) }, frame(0x81) { $0.put("busy") },
    ]
}

/// Writes a value, reads it back, and writes it again. Both outputs must have the same bytes.
private func repeated<Value>(
    _ value: Value, _ write: (inout WireWriter, Value) -> Void,
    _ read: (inout WireReader) throws(WireError) -> Value
) throws(WireError) {
    func written(_ value: Value) -> [UInt8] {
        bytes(in: WireBuffer(capacity: 64)) { buffer in
            var writer = WireWriter(buffer)
            write(&writer, value)
        }
    }
    let once = written(value)
    let again = try once.withUnsafeBytes { bytes in
        Result { () throws(WireError) in
            var reader = WireReader(bytes)
            return try read(&reader)
        }
    }.get()
    guard written(again) == once else { fatalError("\(Value.self) is read as another one") }
}

/// Returns a copy of a buffer's bytes; the buffer lives until they are copied.
private func bytes(in buffer: WireBuffer, _ fill: (WireBuffer) -> Void) -> [UInt8] {
    fill(buffer)
    return withExtendedLifetime(buffer) { Array(buffer.bytes) }
}
