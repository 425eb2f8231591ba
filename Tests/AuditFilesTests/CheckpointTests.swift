import Foundation
import KMSTesting
import KeyManagement
import Synchronization
import Testing

@testable import AuditFiles

@Suite struct CheckpointTests {
    @Test func `a checkpoint is made once for what happened`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await trail.append(TestChain.entry(1))
        let first = try #require(try await trail.checkpoint())
        #expect(first.signed.checkpoint.entries == 1)
        #expect(try await trail.checkpoint() == first)
        #expect(trail.latestCheckpoint == first)
        try await trail.append(TestChain.entry(2))
        #expect(try await trail.checkpoint() != first)
        await trail.close()
        #expect(try chain.verify(published: [first.text]).publishedFound == 1)
    }

    @Test func `after so many entries a checkpoint comes by itself, also when the token fails at first`() async throws {
        let chain = try TestChain()
        chain.signer.fail(times: 1)
        let trail = try await chain.open { $0.checkpointEntries = 10 }
        let running = Task { await trail.run() }
        for number in 1...10 { try await trail.append(TestChain.entry(number)) }
        while trail.latestCheckpoint == nil { try await Task.sleep(for: .milliseconds(1)) }
        running.cancel()
        await running.value
        #expect(trail.latestCheckpoint?.signed.checkpoint.entries == 10)
        await trail.close()
        #expect(try chain.verify(final: true).isWhole)
    }

    @Test func `the latest checkpoint is known again after a restart, from an older file, too`() async throws {
        let chain = try TestChain()
        try await chain.write(1)
        let latest = try AuditReader(directory: chain.audit).latestCheckpoint()
        let trail = try await chain.open { $0.fileBytes = 100 }
        #expect(trail.latestCheckpoint == latest && latest != nil)
        for number in 1...3 { try await trail.append(TestChain.entry(number)) }
        trail.abandon()
        _ = await trail.isGone()
        let again = try await chain.open()
        #expect(again.latestCheckpoint == latest)
        await again.close()
        #expect(try chain.verify(final: true).isWhole)
    }

    @Test func `entries go on while a checkpoint is signed`() async throws {
        let chain = try TestChain()
        let trail = try await chain.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...300 { group.addTask { try await trail.append(TestChain.entry(number)) } }
            for _ in 1...30 { group.addTask { try await trail.checkpoint() } }
            try await group.waitForAll()
        }
        await trail.close()
        let report = try chain.verify(final: true)
        #expect(report.isWhole, "\(report.findings)")
        #expect(report.operations == 300)
    }

    @Test func `signatures have their lower half only`() throws {
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]
        var top = order
        top[31] -= 5
        let r = [UInt8](repeating: 1, count: 32)
        let five = [UInt8](repeating: 0, count: 31) + [5]
        #expect(LowS.normalized(r + top) == r + five)
        #expect(LowS.normalized(r + five) == r + five)
        #expect(LowS.normalized([1]) == nil)
    }
}
