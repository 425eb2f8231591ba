import Foundation
import KMSTesting
import KeyManagement
import Testing

@testable import AuditFiles

/// Somebody who can write the audit files knows how lines are chained. No signature covers the lines after the last checkpoint.
@Suite struct ForgedLinesTests {
    private static func operation(at counter: UInt64) throws -> AuditLine.Content {
        var entry = TestChain.entry(1)
        entry.state = [StateStep(shard: try #require(ShardIndex(0)), counter: counter)]
        return .operation(entry)
    }

    @Test func `the line of an operation behind the last checkpoint that reports a counter is known`() async throws {
        let chain = try TestChain()
        try await chain.write(3)
        try chain.append([try Self.operation(at: 1 << 41)])
        let line = try chain.lines().count
        let trail = try await chain.open()
        #expect(try await trail.stateWitness().rows[0].counter == 1 << 41)
        let shard = try #require(ShardIndex(0))
        let place = try #require(trail.place(of: 1 << 41, inShard: shard))
        #expect(place.line == line && place.file.hasSuffix(AuditFolder.name(of: 1)))
        #expect(trail.place(of: 7, inShard: shard) == nil)
        trail.abandon()
    }

    @Test func `a line with a null byte, of which a sparse file has any number, is refused`() async throws {
        let chain = try TestChain()
        try await chain.write(3)
        let last = try AuditLine(bytes: Array(try #require(try chain.lines().last).utf8))
        try chain.append([.operation(TestChain.entry(1))])
        var bytes = try chain.bytes()
        // Behind the front of the line that alone is read quickly.
        bytes.insert(contentsOf: [UInt8](repeating: 0, count: 1000), at: bytes.count - 2)
        try chain.replace(with: bytes)
        let line = try chain.lines().count
        do {
            _ = try await chain.open()
            Issue.record("it was taken up behind line \(last.number)")
        } catch {
            guard case .broken(_, let found, _) = error as? AuditOpenError else { throw error }
            #expect(found == line)
        }
    }

    @Test
    func `a file that is longer than any audit file is refused, a backup refuses holes, and the verifier skips them`()
        async throws
    {
        let chain = try TestChain()
        try await chain.write(3)
        #expect(throws: Never.self) { try AuditSnapshot(directory: chain.audit) }
        let length = (1 << 35) + 1
        #expect(truncate(chain.file(1), length) == 0)
        await #expect(throws: chain.broken(1, 1, "it has \(length) bytes, more than any audit file")) {
            _ = try await chain.open()
        }
        let handle = try FileHandle(forWritingTo: URL(filePath: chain.file(1)))
        try handle.seekToEnd()
        try handle.write(contentsOf: [0x0A])
        try handle.close()
        #expect(throws: AuditOpenError.self) { try AuditSnapshot(directory: chain.audit) }
        let start = ContinuousClock.now
        #expect(try chain.verify().findings.contains { $0.kind == .malformed })
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test(arguments: [.max, 3_000])
    func `an operation behind the last checkpoint that cannot be read is refused with its line`(end: UInt64)
        async throws
    {
        let chain = try TestChain()
        try await chain.write(40)
        // A number that is written, but never read: 2^62.
        try chain.append([try Self.operation(at: 1 << 62)])
        let line = try chain.lines().count
        do {
            _ = try await chain.open { $0.endBytes = end }
            Issue.record("it was taken up")
        } catch {
            guard case .broken(_, let found, let reason) = error as? AuditOpenError else { throw error }
            #expect(reason.contains("too large"))
            #expect(found == line)
        }
    }

    @Test(arguments: [1, 2]) func `a line without an end is refused at once, however long the file is`(file: UInt64)
        async throws
    {
        let chain = try TestChain()
        try await chain.write(3)
        if file == 2 { try Data().write(to: URL(filePath: chain.file(2))) }
        // A hole of 16 GiB.
        #expect(truncate(chain.file(file), 1 << 34) == 0)
        let line = file == 1 ? try Shell.run("head -c 100000 '\(chain.file(1))' | tr -d '\\0' | wc -l") : "0"
        let expected = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines))) + 1
        let start = ContinuousClock.now
        await #expect(
            throws: chain.broken(file, expected, "there is no line feed within \(AuditLine.maxLength) bytes")
        ) { _ = try await chain.open() }
        #expect(throws: AuditOpenError.self) { try AuditReader(directory: chain.audit).recentChanges(limit: 10) }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `a hole in the place of lines before the end is found at once, and by each later start`() async throws {
        let chain = try TestChain()
        try await chain.write(80)
        let good = try chain.bytes()
        let lines = try chain.lines()
        let head = Array((lines[0] + "\n").utf8)
        let tail = Array((lines.suffix(30).joined(separator: "\n") + "\n").utf8)
        try chain.replace(with: head)
        #expect(truncate(chain.file(1), 1 << 34) == 0)
        let handle = try FileHandle(forWritingTo: URL(filePath: chain.file(1)))
        try handle.seekToEnd()
        try handle.write(contentsOf: [0x0A] + tail)
        try handle.close()
        for _ in 0..<2 {
            let trail = try await chain.open { ($0.endBytes, $0.fileBytes) = (8_000, UInt64(good.count / 2)) }
            try await trail.append(TestChain.entry(1))
            await #expect(throws: chain.broken(1, 2, "there is no line feed within \(AuditLine.maxLength) bytes")) {
                try await trail.checkBeginning()
            }
            await #expect(throws: AuditError.self) { try await trail.checkpoint() }
            await trail.close()
            #expect(try AuditFolder(path: chain.audit).files() == [1], "no other file was begun")
        }
    }

    @Test func `a full file is followed by another one once its beginning was checked`() async throws {
        let chain = try TestChain()
        try await chain.write(80)
        let size = UInt64(try chain.bytes().count)
        let trail = try await chain.open { ($0.endBytes, $0.fileBytes) = (8_000, size / 2) }
        try await trail.append(TestChain.entry(1))
        #expect(try AuditFolder(path: chain.audit).files() == [1])
        try await trail.checkBeginning()
        try await trail.append(TestChain.entry(2))
        #expect(try AuditFolder(path: chain.audit).files() == [1, 2])
        await trail.close()
        let report = try chain.verify(final: true)
        #expect(report.isWhole && report.operations == 82, "\(report.findings)")
    }

    @Test func `a header that counts other operations than the file before is refused`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        let header = FileHeader(time: Timestamp(milliseconds: 0), chain: head.chain, file: 2, entries: 1_000_000)
        try Data().write(to: URL(filePath: chain.file(2)))
        try chain.append([.file(header)], file: 2, after: head)
        await #expect(throws: chain.broken(2, 1, "it does not follow the file before it")) {
            _ = try await chain.open()
        }
    }

    @Test func `operations in archived files are not called unsigned`() async throws {
        let chain = try TestChain()
        let size = 4_096
        try await chain.write(20) { $0.fileBytes = UInt64(size) }
        let files = try AuditFolder(path: chain.audit).files()
        // The next start begins a file with its opening record.
        let last = try #require(files.last)
        while try chain.bytes(last).count < size { try await chain.write(1) { $0.fileBytes = UInt64(size) } }
        try await chain.write(1) { $0.fileBytes = UInt64(size) }
        let next = try #require(try AuditFolder(path: chain.audit).files().last)
        #expect(next > last)
        #expect(try chain.verify().unsignedRestarts.isEmpty)
        #expect(try chain.verify(from: next).unsignedRestarts.isEmpty)
    }

    @Test func `the verifier names starts behind operations that nobody had signed`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        #expect(try chain.verify().unsignedRestarts.isEmpty)
        try chain.append([.operation(TestChain.entry(1)), .operation(TestChain.entry(2))])
        let line = try chain.lines().count + 1
        try await chain.write(1)
        let report = try chain.verify(final: true)
        #expect(report.isWhole)
        #expect(report.unsignedRestarts.map(\.operations) == [2] && report.unsignedRestarts.map(\.line) == [line])
    }
}
