package import KeyManagement
internal import Synchronization

/// A store that lets another client act right before any one of its calls.
///
/// The test repeats an operation for each call number from 1 on, until it ends before that call. So the other client acts once
/// between every two calls of the operation. It must reach the records by another way than this store.
package final class InterleavingStore: PassingStore {
    private struct State {
        var calls = 0
        var keys: [KeyID] = []
        var place: Int?
        var rival: (@Sendable () async -> Void)?
    }

    private let underlying: any KeyStore
    private let state = Mutex(State())

    package init(_ store: any KeyStore) {
        underlying = store
    }

    /// Restarts the count, and runs `rival` before the call of this number.
    package func interrupt(at place: Int, _ rival: @escaping @Sendable () async -> Void) {
        state.withLock { $0 = State(place: place, rival: rival) }
    }

    /// The number of calls since ``interrupt(at:_:)``.
    package var callCount: Int { state.withLock { $0.calls } }

    /// The keys that were read since ``interrupt(at:_:)``, in order.
    package var keysRead: [KeyID] { state.withLock { $0.keys } }

    package var store: any KeyStore {
        get async {
            let rival = state.withLock { state in
                state.calls += 1
                return state.calls == state.place ? state.rival : nil
            }
            await rival?()
            return underlying
        }
    }

    package func documents(at addresses: [DocumentAddress]) async throws(StoreError) -> [SealedDocument?] {
        let store = await self.store
        let keys = addresses.compactMap { address in
            if case .place(.key, let place) = address { KeyID(bytes: place) } else { nil }
        }
        state.withLock { $0.keys += keys }
        return try await store.documents(at: addresses)
    }
}
