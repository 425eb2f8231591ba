import KMSTesting
import KeyManagement
import Synchronization

/// A store whose writes or change marks fail on demand. It passes everything else on.
final class FailingStore: PassingStore {
    private struct Faults {
        var write: StoreError?
        var times = 0
        var mark: StoreError?
    }

    let store: any KeyStore
    private let faults = Mutex(Faults())

    init(_ store: any KeyStore) {
        self.store = store
    }

    func failWrites(with error: StoreError, times: Int) {
        faults.withLock { ($0.write, $0.times) = (error, times) }
    }

    func failMarks(with error: StoreError?) {
        faults.withLock { $0.mark = error }
    }

    private func meetWriteFault() throws(StoreError) {
        let fault: StoreError? = faults.withLock { faults in
            guard faults.times > 0 else { return nil }
            faults.times -= 1
            return faults.write
        }
        if let fault { throw fault }
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        if transaction.written.contains(where: { $0.kind == .key || $0.kind == .usage }) { try meetWriteFault() }
        return try await store.commit(transaction)
    }

    func changeMark() async throws(StoreError) -> Int64 {
        if let fault = faults.withLock({ $0.mark }) { throw fault }
        return try await store.changeMark()
    }
}
