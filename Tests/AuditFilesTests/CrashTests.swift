import Foundation
import Glibc
import KMSTesting
import KeyManagement
import Logging
import Synchronization
import Testing

@testable import AuditFiles

/// The effects on a chain of processes that end in the middle of a write.
@Suite(.serialized) struct CrashTests {
    @Test(arguments: 0..<8)
    func `a process killed under load loses nothing that it was told is written`(_ round: Int) async throws {
        let chain = try TestChain()
        try await chain.write(1)
        let (audit, answered) = (chain.audit, chain.folder + "/answered")
        let microseconds = UInt32(3000 + 17_000 * round)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [audit = audit as String, answered = answered as String, microseconds = microseconds as UInt32] in
            try await Load.run(audit, answered: answered, killedAfter: microseconds)
        }
        let acknowledged = Set(
            try String(contentsOfFile: answered, encoding: .utf8).split(separator: "\n").map(String.init))
        #expect(acknowledged.count > 0)
        try await chain.write(3)
        let present = Set(try AuditReader(directory: chain.audit).requests())
        #expect(acknowledged.subtracting(present).isEmpty, "of \(acknowledged.count)")
        let report = try chain.verify(final: true)
        #expect(report.isWhole, "\(report.findings)")
    }

    @Test func `a disk that is full refuses, leaves nothing torn, and is written to again when there is room`()
        async throws
    {
        let chain = try TestChain()
        let audit = chain.audit
        await #expect(processExitsWith: .success) { [audit = audit as String] in
            try await FullDisk.run(audit)
        }
        let requests = try AuditReader(directory: chain.audit).requests()
        #expect(requests.last == "request-9999")
        #expect(requests.count > 5)
        var verifier = try AuditVerifier(directory: chain.audit, publicKeys: [])
        verifier.requiresFinalCheckpoint = false
        let report = try verifier.verify()
        #expect(report.isWhole, "\(report.findings)")
    }
}

/// Many tasks that write until the process is killed, a given time after the first acknowledged entry.
private enum Load {
    private static let isTimed = Atomic(false)

    static func run(_ audit: String, answered: String, killedAfter microseconds: UInt32) async throws {
        var configuration = AuditConfiguration(directory: audit)
        configuration.fileBytes = 100_000
        let trail = try await AuditTrail.open(configuration, signer: nil, logger: .init(label: "test"))
        let file = open(answered, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        await withTaskGroup(of: Void.self) { group in
            for task in 1...50 {
                group.addTask {
                    for number in 1...100_000 {
                        let request = task * 1_000_000 + number
                        guard (try? await trail.append(TestChain.entry(request))) != nil else { return }
                        // The kernel's copy is enough, because the process dies, not the machine.
                        let line = Array("request-\(request)\n".utf8)
                        _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                        if !isTimed.exchange(true, ordering: .relaxed) { end(after: microseconds) }
                    }
                }
            }
        }
    }

    private static func end(after microseconds: UInt32) {
        Thread.detachNewThread {
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }
    }
}

/// A limit on the size of files, which the system enforces like a full disk: part of the data is written, then nothing.
private enum FullDisk {
    static func run(_ audit: String) async throws {
        signal(SIGXFSZ, SIG_IGN)
        let trail = try await AuditTrail.open(
            AuditConfiguration(directory: audit), signer: nil, logger: .init(label: "test"))
        for number in 1...5 { try await trail.append(TestChain.entry(number)) }
        try limit(4000)
        var refusals = 0
        for number in 6...40 {
            do {
                try await trail.append(TestChain.entry(number))
                guard refusals == 0 else { throw Unexpected() }
            } catch let error as AuditError {
                guard case .unavailable = error else { throw Unexpected() }
                refusals += 1
                let bytes = try Data(contentsOf: URL(filePath: "\(audit)/\(AuditFolder.name(of: 1))"))
                guard bytes.last == 0x0A, bytes.count <= 4000 else { throw Unexpected() }
            }
        }
        guard refusals > 20 else { throw Unexpected() }
        try limit(nil)
        try await trail.append(TestChain.entry(9999))
        await trail.close()
    }

    private static func limit(_ bytes: UInt?) throws {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 else { throw Unexpected() }
        limits.rlim_cur = bytes ?? limits.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 else { throw Unexpected() }
    }

    struct Unexpected: Error {}
}
