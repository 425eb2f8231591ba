import KeyManagement
import Testing

@testable import AuditFiles

@Suite
struct ChangedRecordsTests {
    private static func record(_ id: String, _ revision: UInt64) -> AuditEntry.ChangedRecord {
        AuditEntry.ChangedRecord(
            kind: "key", id: id, revision: revision, digest: [UInt8](repeating: UInt8(revision), count: 32))
    }

    private static func line(_ changes: [AuditEntry.ChangedRecord], _ outcome: AuditEntry.Outcome = .succeeded)
        -> AuditLine
    {
        var entry = TestChain.entry(1)
        entry.outcome = outcome
        entry.changes = changes
        return AuditLine(number: 1, previous: .none, content: .operation(entry))
    }

    private static func text(_ line: AuditLine) -> String { String(decoding: line.bytes, as: UTF8.self) }

    @Test func `one record is written as every earlier version wrote it, several are a list, and both are read back`()
        throws
    {
        let one = Self.line([Self.record("a", 1)])
        let digests = [1, 2].map { String(repeating: "0\($0)", count: 32) }
        let first = #"{"kind":"key","id":"a","revision":1,"digest":"\#(digests[0])"}"#
        let second = #"{"kind":"key","id":"b","revision":2,"digest":"\#(digests[1])"}"#
        #expect(Self.text(one).contains(#","change":\#(first)"#))
        #expect(!Self.text(one).contains(#""changes""#))
        let two = Self.line([Self.record("a", 1), Self.record("b", 2)])
        #expect(Self.text(two).contains(#","changes":[\#(first),\#(second)]"#))
        let none = Self.line([])
        #expect(!Self.text(none).contains(#""change"#))
        for line in [none, one, two] { #expect(try AuditLine(bytes: line.bytes) == line) }
    }

    @Test func `a list of one record, an empty list and both forms together are no canonical lines`() throws {
        let text = Self.text(Self.line([Self.record("a", 1)]))
        let object = try #require(text.split(separator: #","change":"#).last?.dropLast())
        for other in [
            text.replacing(#","change":\#(object)"#, with: #","changes":[\#(object)]"#),
            text.replacing(#","change":\#(object)"#, with: #","changes":[]"#),
            text.replacing(#","change":\#(object)"#, with: #","change":\#(object),"changes":[\#(object),\#(object)]"#),
        ] {
            #expect(other != text)
            #expect(throws: LineError.self) { try AuditLine(bytes: Array(other.utf8)) }
        }
    }

    @Test func `the witness learns of each record of an entry, also of an operation that failed after it stored them`()
        async throws
    {
        let chain = try TestChain()
        let trail = try await chain.open()
        var entry = TestChain.entry(1)
        let version = AuditEntry.ChangedRecord(
            kind: "version", id: "a/1", revision: 1, digest: [UInt8](repeating: 1, count: 32))
        entry.changes = [Self.record("a", 1), version, Self.record("b", 2), Self.record("a", 2)]
        try await trail.append(entry)
        entry.outcome = .failed
        entry.changes = [Self.record("c", 3), Self.record("b", 3)]
        try await trail.append(entry)
        entry.outcome = .intended
        entry.changes = [Self.record("a", 9), Self.record("c", 9)]
        try await trail.append(entry)
        let seen = try await trail.witnessedRecords(limit: 10).map { "\($0.id) \($0.done?.revision ?? 0)" }
        #expect(seen == ["a 2", "b 3", "c 3"])
        await trail.close()
    }
}
