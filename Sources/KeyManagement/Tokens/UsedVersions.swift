import Caching
import Synchronization

/// The versions used in the token since they were last evicted from it. They are evicted when they may no longer be used.
///
/// Bounded: the least recently used version is dropped, as the token drops it.
final class UsedVersions: Sendable {
    private struct State {
        var recent: LeastRecentlyUsed<VersionID, VersionID>
        var byKey: [KeyID: Set<VersionNumber>] = [:]
        var toReview: [KeyID] = []

        mutating func drop(_ version: VersionID) {
            byKey[version.key]?.remove(version.number)
            if byKey[version.key]?.isEmpty == true { byKey[version.key] = nil }
        }
    }

    private let state: Mutex<State>

    init(capacity: Int) {
        state = Mutex(State(recent: LeastRecentlyUsed(capacity: capacity)))
    }

    func note(_ version: VersionID) {
        state.withLock { state in
            guard state.recent.use(version) == nil else { return }
            if let leaving = state.recent.insert(version, for: version) { state.drop(leaving) }
            state.byKey[version.key, default: []].insert(version.number)
        }
    }

    func remove(_ version: VersionID) {
        state.withLock { state in
            guard state.recent.remove(version) != nil else { return }
            state.drop(version)
        }
    }

    /// Returns the versions of a key, in no order.
    func versions(of key: KeyID) -> [VersionID] {
        state.withLock { ($0.byKey[key] ?? []).map { VersionID(key: key, number: $0) } }
    }

    func contains(_ version: VersionID) -> Bool {
        state.withLock { $0.byKey[version.key]?.contains(version.number) == true }
    }

    /// Returns the next keys that have any, in no order, each once before the first comes again.
    func nextKeys(_ limit: Int) -> [KeyID] {
        state.withLock { state in
            if state.toReview.isEmpty { state.toReview = Array(state.byKey.keys) }
            let next = Array(state.toReview.suffix(limit))
            state.toReview.removeLast(next.count)
            return next
        }
    }
}
