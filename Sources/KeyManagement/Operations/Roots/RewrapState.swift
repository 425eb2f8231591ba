import Synchronization

/// The completed work, so that the store is not scanned again and again.
final class RewrapState: Sendable {
    private struct Known {
        /// The latest epoch to which every genuine record was rewrapped.
        var finished: RootEpoch?
        var lookAgainAt = ContinuousClock.now
    }

    private let known = Mutex(Known())

    /// The time after which the store is scanned again. Processes that do not know the new roots yet may still store records
    /// under the old ones.
    private static let pause = Duration.seconds(300)

    func isDone(for latest: RootEpoch, at now: ContinuousClock.Instant) -> Bool {
        known.withLock { $0.finished == latest && now < $0.lookAgainAt }
    }

    func finish(_ latest: RootEpoch, at now: ContinuousClock.Instant) {
        known.withLock { $0 = Known(finished: latest, lookAgainAt: now + Self.pause) }
    }
}
