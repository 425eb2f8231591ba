import Foundation
import KMSTesting
import KeyManagement
import Testing

@testable import AuditFiles

@Suite struct AuditTrailTests {
    @Test func `a chain is written, closed under a checkpoint, and verified`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        for number in 1...10 { try await trail.append(TestChain.entry(number)) }
        await trail.close()
        let report = try chain.verify()
        #expect(report.isWhole, "\(report.findings)")
        #expect((report.files, report.lines, report.operations, report.checkpoints) == (1, 14, 10, 1))
        #expect(report.uncoveredLines == 0)
        #expect(report.latest?.signed.checkpoint.entries == 10)
        await #expect(throws: AuditError.unavailable("the audit log is closed")) {
            try await trail.append(TestChain.entry(11))
        }
    }

    @Test func `each line carries the SHA-256 of the one before, as another program computes it`() async throws {
        let chain = try TestChain()
        try await chain.write(5)
        var previous = String(repeating: "0", count: 64)
        for (index, line) in try chain.lines().enumerated() {
            #expect(line.hasPrefix("{\"seq\":\(index + 1),\"prev\":\"\(previous)\","))
            try Data(line.utf8).write(to: URL(filePath: chain.folder + "/line"))
            previous = String(try Shell.run("sha256sum < '\(chain.folder)/line'").prefix(64))
        }
    }

    @Test func `an entry is read as it was written`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        let entry = TestChain.fullEntry()
        try await trail.append(entry)
        await trail.close()
        let lines = try AuditReader(directory: chain.audit).lastLines(1) {
            if case .operation = $0.content { true } else { false }
        }
        #expect(lines.map(\.content) == [.operation(entry)])
        // An independent JSON reader accepts it, too.
        let text = try chain.lines()[2]
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["reason"] as? String == entry.reason)
        #expect(object?["details"] as? [String: String] == entry.details)
        #expect(object?["time"] as? String == entry.time.description)
    }

    @Test func `a thousand tasks at once are each answered after their own entry`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...1000 { group.addTask { try await trail.append(TestChain.entry(number)) } }
            try await group.waitForAll()
        }
        let requests = try AuditReader(directory: chain.audit).requests()
        #expect(requests.count == 1000 && Set(requests).count == 1000)
        await trail.close()
        #expect(try chain.verify().isWhole)
    }

    @Test func `entries of one task stand in its order`() async throws {
        let chain = try TestChain()
        try await chain.write(50)
        #expect(try AuditReader(directory: chain.audit).requests() == (1...50).map { "request-\($0)" })
    }

    @Test func `files follow each other and keep the chain`() async throws {
        let chain = try TestChain()
        try await chain.write(60) { $0.fileBytes = 2000 }
        try await chain.write(20) { $0.fileBytes = 2000 }
        let report = try chain.verify()
        #expect(report.isWhole, "\(report.findings)")
        #expect(report.files > 5)
        #expect(report.operations == 80)
        #expect(report.latest?.signed.checkpoint.entries == 80)
    }

    @Test func `one process writes at a time`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        await #expect(throws: AuditOpenError.locked(directory: chain.audit)) { _ = try await chain.open() }
        await trail.close()
        await (try chain.open()).close()
    }

    @Test func `folder and files are their owner's alone`() async throws {
        let chain = try TestChain()
        try await chain.write(1)
        let manager = FileManager.default
        #expect(try manager.attributesOfItem(atPath: chain.audit)[.posixPermissions] as? Int == 0o700)
        #expect(try manager.attributesOfItem(atPath: chain.file(1))[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a folder in which others may write is refused`() async throws {
        let chain = try TestChain()
        try await chain.write(1)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: chain.audit)
        await #expect(throws: AuditOpenError.self) { _ = try await chain.open() }
    }

    @Test func `a file that others touch is not written to any more`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await trail.append(TestChain.entry(1))
        let handle = try #require(FileHandle(forWritingAtPath: chain.file(1)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("x".utf8))
        await #expect(throws: AuditError.self) { try await trail.append(TestChain.entry(2)) }
        await #expect(throws: AuditError.self) { try await trail.checkHealth() }
        await trail.close()
    }

    @Test func `a queue that is full refuses as busy`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open { $0.queueLimit = 1 }
        let refused = await withTaskGroup(of: Bool.self) { group in
            for number in 1...500 {
                group.addTask {
                    do throws(AuditError) {
                        try await trail.append(TestChain.entry(number))
                        return false
                    } catch {
                        guard case .busy = error else { return false }
                        return true
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(try AuditReader(directory: chain.audit).requests().count == 500 - refused)
        await trail.close()
        #expect(try chain.verify().isWhole)
    }

    @Test func `the last change of each record is found, over all files`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open { $0.fileBytes = 1500 }
        for revision in 1...10 as ClosedRange<UInt64> {
            for id in ["a", "b"] {
                for outcome in [AuditEntry.Outcome.intended, .succeeded] {
                    if id == "b", revision == 10, outcome == .succeeded { continue }
                    try await trail.append(TestChain.change("key", id, revision, outcome))
                }
            }
        }
        let changes = try await trail.recentChanges(limit: 10)
        #expect(
            changes.map { "\($0.record.id) \($0.record.revision) \($0.outcome)" } == [
                "b 9 succeeded", "a 10 intended", "a 10 succeeded", "b 10 intended",
            ])
        #expect(Set(try await trail.recentChanges(limit: 1).map(\.record.id)) == ["b"])
        await trail.close()
    }

    @Test(
        arguments: [
            0, -1, 951_782_400_000, 951_868_800_000, 4_107_542_400_000, 1_767_225_600_123, -62_167_219_200_000,
        ] as [Int64])
    func `times are written as RFC 3339 has them`(_ milliseconds: Int64) {
        let time = Timestamp(milliseconds: milliseconds)
        var bytes: [UInt8] = []
        TimeText.append(time, to: &bytes)
        if milliseconds > -62_000_000_000_000 { #expect(String(decoding: bytes, as: UTF8.self) == time.description) }
        #expect(TimeText.read(bytes[...]) == time)
    }
}
