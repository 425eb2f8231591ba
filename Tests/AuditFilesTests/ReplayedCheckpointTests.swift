import Foundation
import KeyManagement
import LibCrypto
import Testing

@testable import AuditFiles

/// Somebody who can write the audit files has genuine checkpoints of earlier times, and knows how lines are chained.
@Suite struct ReplayedCheckpointTests {
    @Test func `an older checkpoint behind a newer one is refused at start, and found by the verifier`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let old = try Self.latest(of: chain)
        try await chain.write(10)
        try chain.append([.checkpoint(old)])
        let line = try chain.lines().count
        for end in [UInt64.max, 2_000] {
            await #expect(
                throws: chain.broken(1, line, "an older checkpoint stands behind the one of line \(line - 1)")
            ) {
                _ = try await chain.open { $0.endBytes = end }
            }
        }
        let report = try chain.verify()
        #expect(report.findings.map(\.kind) == [.rewritten] && report.findings.first?.line == line)
        // Nor is it what an operator publishes.
        let latest = try #require(try AuditReader(directory: chain.audit).latestCheckpoint())
        #expect(latest.signed.checkpoint.through > old.checkpoint.through)
    }

    @Test func `the newest checkpoint may stand twice, as after a write that took longer than its deadline`()
        async throws
    {
        let chain = try TestChain()
        try await chain.write(10)
        let newest = try Self.latest(of: chain)
        try chain.append([.checkpoint(newest)])
        let trail = try await chain.open()
        #expect(trail.latestCheckpoint?.signed == newest)
        await trail.close()
        #expect(try chain.verify(final: true).isWhole)
    }

    @Test(arguments: [1, 5, 9]) func `files of headers alone do not hide the newest checkpoint`(count: Int) async throws
    {
        let chain = try TestChain()
        try await chain.write(10)
        let newest = try Self.latest(of: chain)
        for number in 0..<count {
            let file = UInt64(number + 2)
            let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
            let header = FileHeader(
                time: Timestamp(milliseconds: 0), chain: head.chain, file: file, entries: head.entries)
            try Data().write(to: URL(filePath: chain.file(file)))
            try chain.append([.file(header)], file: file, after: head)
        }
        let trail = try await chain.open()
        #expect(trail.latestCheckpoint?.signed == newest)
        trail.abandon()
    }

    @Test func `without the file that the newest checkpoint covers, the chain is not taken up`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        let header = FileHeader(time: Timestamp(milliseconds: 0), chain: head.chain, file: 2, entries: head.entries)
        try Data().write(to: URL(filePath: chain.file(2)))
        try chain.append([.file(header)], file: 2, after: head)
        try FileManager.default.removeItem(atPath: chain.file(1))
        await #expect(throws: AuditOpenError.self) { _ = try await chain.open() }
    }

    @Test func `a file that is replaced before its beginning is checked is noticed, and a FIFO does not block`()
        async throws
    {
        for isPipe in [false, true] {
            let chain = try TestChain()
            try await chain.write(80)
            let good = try chain.bytes()
            let trail = try await chain.open { $0.endBytes = 8_000 }
            try FileManager.default.moveItem(atPath: chain.file(1), toPath: chain.folder + "/aside")
            if isPipe { #expect(mkfifo(chain.file(1), 0o600) == 0) } else { try chain.replace(with: good) }
            await #expect(throws: AuditOpenError.self) { try await trail.checkBeginning() }
            trail.abandon()
        }
    }

    @Test(arguments: [false, true]) func `an older checkpoint in a new last file is refused at start`(
        isEarlierFileGone: Bool
    ) async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let old = try Self.latest(of: chain)
        try await chain.write(10)
        let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        let header = FileHeader(time: Timestamp(milliseconds: 0), chain: head.chain, file: 2, entries: head.entries)
        try Data().write(to: URL(filePath: chain.file(2)))
        try chain.append([.file(header), .checkpoint(old)], file: 2, after: head)
        if isEarlierFileGone { try FileManager.default.removeItem(atPath: chain.file(1)) }
        await #expect(throws: AuditOpenError.self) { _ = try await chain.open() }
    }

    @Test func `a new last file whose earlier file was shortened is refused at start`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        let header = FileHeader(time: Timestamp(milliseconds: 0), chain: head.chain, file: 2, entries: head.entries)
        try Data().write(to: URL(filePath: chain.file(2)))
        try chain.append([.file(header)], file: 2, after: head)
        let whole = try chain.lines()
        try await chain.write(1)
        try FileManager.default.removeItem(atPath: chain.file(2))
        try Data().write(to: URL(filePath: chain.file(2)))
        try chain.replace(lines: whole)
        try chain.append([.file(header)], file: 2, after: head)
        try chain.replace(lines: Array(whole.dropLast(3)))
        await #expect(throws: chain.broken(2, 1, "it does not follow the file before it")) {
            _ = try await chain.open()
        }
    }

    @Test func `a checkpoint of another key is no evidence, and one of another chain is refused`() async throws {
        let chain = try TestChain()
        try await chain.write(10)
        let own = try Self.latest(of: chain)
        let head = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        let other = MemorySigner()
        try chain.append([.checkpoint(try await Self.checkpoint(head, by: other))])
        let trail = try await chain.open()
        #expect(trail.latestCheckpoint?.signed == own)
        trail.abandon()
        let elsewhere = try TestChain()
        try await elsewhere.write(10)
        var foreign = try #require(try ChainRecovery(reading: AuditFolder(path: elsewhere.audit)).head)
        foreign.number = 2
        try elsewhere.append([.checkpoint(try await Self.checkpoint(foreign, by: elsewhere.signer))])
        await #expect(throws: AuditOpenError.self) { _ = try await elsewhere.open() }
        var stranger = try #require(try ChainRecovery(reading: AuditFolder(path: chain.audit)).head)
        stranger = ChainHead(
            chain: foreign.chain, file: 1, length: 0, number: stranger.number, hash: stranger.hash,
            entries: stranger.entries)
        try chain.append([.checkpoint(try await Self.checkpoint(stranger, by: chain.signer))])
        await #expect(throws: AuditOpenError.self) { _ = try await chain.open() }
    }

    @Test func `checkpoints that are asked for at the same time cover more lines, one after the other`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<8 {
                group.addTask {
                    for number in 0..<20 {
                        try await trail.append(TestChain.entry(client * 100 + number))
                        try await trail.checkpoint()
                    }
                }
            }
            try await group.waitForAll()
        }
        await trail.close()
        let report = try chain.verify(final: true)
        #expect(report.isWhole && report.checkpoints > 8, "\(report.findings)")
        try await chain.write(1)
    }

    private static func latest(of chain: TestChain) throws -> SignedCheckpoint {
        try #require(try AuditReader(directory: chain.audit).latestCheckpoint()).signed
    }

    private static func checkpoint(_ head: ChainHead, by signer: MemorySigner) async throws -> SignedCheckpoint {
        let key = try PublicKey(der: signer.publicKey.der)
        let checkpoint = Checkpoint(
            time: Timestamp(milliseconds: 0), chain: head.chain, through: head.number, hash: head.hash,
            entries: head.entries, key: key.fingerprint, state: nil)
        return try await checkpoint.signed(by: signer, key: key)
    }

}
