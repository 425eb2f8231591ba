import KeyManagement
import Synchronization
import Testing

@testable import TokenProcess

/// The encoding of each call and of its answer, written by one end and read by the other.
@Suite struct WireCallTests {
    @Test(arguments: CallTag.allCases)
    func `a call is read as the call that was written`(_ tag: CallTag) async throws {
        func check<Sample: CallSample>(_ sample: Sample) async throws {
            #expect(Sample.Call.tag == tag)
            let sent = written(sample.call.encode)
            let work = try read(sent) { (reader) throws(WireError) in try TokenWork(tag, &reader) }
            let token = RecordingToken()
            await #expect(throws: TokenError.unsupported("recorded")) { _ = try await work.perform(token) }
            #expect(token.calls.withLock { $0 } == [RecordingToken.Record(tag: tag, bytes: sent)])
        }
        try await check(try WireSamples.of(tag))
    }

    @Test(arguments: CallTag.allCases)
    func `an answer is read as the answer that was written`(_ tag: CallTag) throws {
        func check<Sample: CallSample>(_ sample: Sample) throws {
            let sent = written { Sample.Call.encode(sample.answer, to: $0) }
            let answer = try read(sent) { (reader) throws(WireError) in try sample.call.readAnswer(from: &reader) }
            // JSON objects have their members in any order.
            guard !(answer is [KeyExamination]), !(answer is TokenFacts) else { return }
            #expect(written { Sample.Call.encode(answer, to: $0) } == sent)
        }
        try check(try WireSamples.of(tag))
    }
}

/// A token that records the calls and answers none.
private final class RecordingToken: Token {
    struct Record: Hashable {
        let tag: CallTag
        let bytes: [UInt8]
    }

    let calls = Mutex<[Record]>([])

    func perform<Call: TokenCall>(_ call: Call) async throws(TokenError) -> Call.Answer {
        if let call = call as? any WireCall { note(call) }
        throw .unsupported("recorded")
    }

    private func note<Call: WireCall>(_ call: Call) {
        calls.withLock { $0.append(Record(tag: Call.tag, bytes: written(call.encode))) }
    }

    let identity = TokenIdentity(label: "a", serialNumber: "1", epoch: .first, checkValue: [1])
    let algorithms: Set<KeyAlgorithm> = []
    let agreementAlgorithms: Set<KeyAlgorithm> = []
    let importMethods: Set<ImportMethod> = []
    let auditKey: PublicKeyInfo? = nil
}

/// Returns the bytes that a function writes.
private func written(_ body: (WireWriter) -> Void) -> [UInt8] {
    let buffer = WireBuffer(capacity: 64)
    body(WireWriter(buffer))
    return withExtendedLifetime(buffer) { Array(buffer.bytes) }
}

/// Reads a value from bytes, to their end.
private func read<Value>(
    _ bytes: [UInt8], _ body: (inout WireReader) throws(WireError) -> Value
) throws -> Value {
    try bytes.withUnsafeBytes { bytes in
        var reader = WireReader(bytes)
        let value = try body(&reader)
        try reader.finish()
        return value
    }
}
