import Dispatch
import KMSTesting
import KeyManagement
import SecretMemory
import Synchronization
import Testing

/// Runs jobs one after the other, and counts them. A task that suspends comes back as another job.
private final class CountingExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "counting")
    private let jobs = Atomic<Int>(0)

    var jobCount: Int { jobs.load(ordering: .sequentiallyConsistent) }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.add(1, ordering: .sequentiallyConsistent)
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// An operation whose records are in memory decides without suspending, until it reaches the token.
@Suite
struct SuspensionTests {
    private func suspensions(of work: @Sendable () async throws -> Void) async throws -> Int {
        let executor = CountingExecutor()
        return try await withTaskExecutorPreference(executor) {
            let before = executor.jobCount
            try await work()
            return executor.jobCount - before
        }
    }

    @Test func `encrypt, decrypt and data keys do not suspend before the token, nor after it`() async throws {
        let service = try await Service()
        let kms = KeyService(
            token: service.token, store: service.store, audit: service.audit, clock: service.clock,
            recordLease: .seconds(600), logger: Service.logger)
        let key = try await service.key("hot")
        let user = try service.caller(.user)
        let plaintext = SecretBytes(copying: [1, 2, 3])
        // The first one reads the records and reserves a block of uses.
        let ciphertext = try await kms.encrypt(plaintext, under: .id(key.id), by: user)
        let none = try await suspensions {
            _ = try await kms.encrypt(plaintext, under: .id(key.id), by: user)
            _ = try await kms.decrypt(ciphertext, by: user)
            _ = try await kms.issueDataKey(under: .id(key.id), by: user)
        }
        #expect(none == 0)
        // A service without the records in memory has to wait for the store.
        let cold = service.restarted()
        let some = try await suspensions { _ = try await cold.decrypt(ciphertext, by: user) }
        #expect(some > 0)
    }
}
