import Foundation
import KMSTesting
import KeyManagement
import Testing

@testable import AuditFiles

@Suite struct RecoveryTests {
    @Test func `a file torn at any byte of its last group goes on, and keeps what was whole`() async throws {
        let chain = try TestChain()
        try await chain.write(3)
        let good = try chain.bytes()
        let lines = try chain.lines()
        // Starts after the header; a killed process may leave any of these lengths.
        for length in lines[0].utf8.count + 1...good.count {
            try chain.replace(with: Array(good.prefix(length)))
            let whole = good.prefix(length).count { $0 == 0x0A }
            try await chain.write(1)
            let now = try chain.lines()
            #expect(Array(now.prefix(whole)) == Array(lines.prefix(whole)))
            let report = try chain.verify(final: true)
            #expect(report.isWhole, "\(length): \(report.findings)")
            let cut = length - lines.prefix(whole).reduce(0) { $0 + $1.utf8.count + 1 }
            #expect(now[whole].contains("\"type\":\"open\"") && now[whole].hasSuffix("\"cut\":\(cut)}"))
        }
    }

    @Test func `a file whose header is torn is begun anew, the chain goes on`() async throws {
        let chain = try TestChain()
        try await chain.write(20) { $0.fileBytes = 2000 }
        let last = try #require(try AuditFolder(path: chain.audit).files().last)
        let header = try chain.lines(last)[0]
        for length in 0...header.utf8.count {
            try chain.replace(last, with: Array(header.utf8.prefix(length)))
            try await chain.write(1)
            #expect(try chain.verify().isWhole)
            while let file = try AuditFolder(path: chain.audit).files().last, file >= last {
                try FileManager.default.removeItem(atPath: chain.file(file))
            }
            try await chain.write(20) { $0.fileBytes = 2000 }
            guard try AuditFolder(path: chain.audit).files().contains(last) else { break }
            while let file = try AuditFolder(path: chain.audit).files().last, file > last {
                try FileManager.default.removeItem(atPath: chain.file(file))
            }
        }
    }

    @Test func `a chain that is broken is not appended to, and the line is named`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let lines = try chain.lines()
        var changed = lines
        changed[5] = changed[5].replacing("alice", with: "mallo")
        try chain.replace(lines: changed)
        await refused(chain, atLine: 7)
        changed = lines
        changed.remove(at: 5)
        try chain.replace(lines: changed)
        await refused(chain, atLine: 6)
        try chain.replace(lines: lines + ["{}"])
        await refused(chain, atLine: lines.count + 1)
        try chain.replace(lines: Array(lines.dropFirst()))
        await refused(chain, atLine: 1)
    }

    @Test func `a checkpoint that this key did not sign, though it says so, is refused at start`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        var lines = try chain.lines()
        lines[lines.count - 1] = lines[lines.count - 1].replacing("\"entries\":10", with: "\"entries\":11")
        try chain.replace(lines: lines)
        await refused(chain, atLine: lines.count)
    }

    @Test func `what is found ahead is locked and unchanged until it is taken up, once`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let torn = Array(try chain.bytes().dropLast(3))
        try chain.replace(with: torn)
        let configuration = AuditConfiguration(directory: chain.audit)
        var found: FoundChain? = try await FoundChain.find(in: configuration)
        #expect(try chain.bytes() == torn)
        await #expect(throws: AuditOpenError.locked(directory: chain.audit)) { _ = try await chain.open() }
        // Abandoned, as when the token cannot be opened.
        found = nil
        found = try await FoundChain.find(in: configuration)
        let trail = try await chain.open(found)
        try await trail.append(TestChain.entry(11))
        let written = try chain.bytes()
        await #expect(throws: AuditOpenError.locked(directory: chain.audit)) { _ = try await chain.open(found) }
        #expect(try chain.bytes() == written)
        await trail.close()
        let report = try chain.verify(final: true)
        #expect(report.isWhole && report.operations == 11, "\(report.findings)")
    }

    @Test func `a file missing in the middle is refused at start`() async throws {
        let chain = try TestChain()
        try await chain.write(60) { $0.fileBytes = 2000 }
        try FileManager.default.removeItem(atPath: chain.file(2))
        await refused(chain, atLine: 1)
    }

    @Test(arguments: [0, 3])
    func `a long file is taken up at a checkpoint near its end, as if it had been read whole`(torn: Int) async throws {
        let chain = try TestChain()
        try await chain.write(40)
        try await chain.write(20)
        // The last checkpoint is torn.
        try chain.replace(with: Array(try chain.bytes().dropLast(torn)))
        let folder = try AuditFolder.prepare(chain.audit)
        let whole = try ChainRecovery(reading: folder)
        let end = try ChainRecovery(reading: folder, end: 7_000)
        #expect(end.beginning != nil && whole.beginning == nil)
        #expect([end.head] == [whole.head])
        #expect(end.latest == whole.latest)
        #expect(end.cutBytes == whole.cutBytes && (end.cutBytes > 0) == (torn > 0))
        try await chain.write(1) { $0.endBytes = 7_000 }
        let report = try chain.verify(final: true)
        #expect(report.isWhole && report.operations == 61, "\(report.findings)")
    }

    @Test func `a long file without a checkpoint near its end, or with one of another key, is read whole`() async throws
    {
        let chain = try TestChain()
        try await chain.write(40)
        let folder = try AuditFolder.prepare(chain.audit)
        let good = try chain.bytes()
        #expect(try ChainRecovery(reading: folder, end: 2_000).beginning != nil)
        // The only checkpoint is torn.
        try chain.replace(with: Array(good.dropLast(3)))
        #expect(try ChainRecovery(reading: folder, end: 2_000).beginning == nil)
        // Another chain has written all lines from the beginning, but the key of the token has signed none of them.
        let other = try TestChain()
        try await other.write(40)
        var lines = try other.lines()
        lines[5] = lines[5].replacing("alice", with: "mallo")
        try chain.replace(lines: lines)
        await refused(chain, atLine: 7) { $0.endBytes = 8_000 }
    }

    @Test func `what is wrong near the end of a long file is refused at start, with its line in the file`() async throws
    {
        let chain = try TestChain()
        try await chain.write(80)
        var lines = try chain.lines()
        let place = lines.count - 6
        lines[place] = lines[place].replacing("alice", with: "mallo")
        try chain.replace(lines: lines)
        await refused(chain, atLine: place + 2) { $0.endBytes = 8_000 }
    }

    @Test func `what is wrong before the end of a long file is found once the chain was taken up`() async throws {
        let chain = try TestChain()
        try await chain.write(80)
        let good = try chain.lines()
        let sound = try await chain.open { $0.endBytes = 8_000 }
        try await sound.checkBeginning()
        await sound.close()
        var changed = good
        changed[5] = changed[5].replacing("alice", with: "mallo")
        var removed = good
        removed.remove(at: 5)
        for (lines, line) in [(changed, 7), (removed, 6)] {
            try chain.replace(lines: lines)
            let trail = try await chain.open { $0.endBytes = 8_000 }
            do {
                try await trail.checkBeginning()
                Issue.record("nothing was found")
            } catch {
                guard case .broken(_, let found, _) = error else { throw error }
                #expect(found == line)
            }
            await trail.close()
        }
    }

    private func refused(
        _ chain: TestChain, atLine line: Int, _ change: (inout AuditConfiguration) -> Void = { _ in }
    ) async {
        let before = try? chain.bytes()
        do {
            _ = try await chain.open(nil, change)
            Issue.record("opened")
        } catch {
            guard case .broken(_, let found, _)? = error as? AuditOpenError else {
                Issue.record("\(error)")
                return
            }
            #expect(found == line)
        }
        #expect((try? chain.bytes()) == before)
    }
}
