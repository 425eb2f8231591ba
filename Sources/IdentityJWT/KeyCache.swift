import Caching
import FoundationEssentials
import KeyManagement
import Logging
import Synchronization

/// The issuer's keys, as of the last successful request for them.
///
/// They are requested again if they are old, if a token names an unknown key, or if their file has changed. One task at a time requests
/// them. For old and unknown keys the least pause applies; as long as there are no keys at all, the pause is one second. If the issuer does
/// not answer, the old keys stay in use for a limited time.
final class KeyCache: Sendable {
    typealias Moment = ContinuousClock.Instant

    private struct State {
        var keys: IssuerKeys?
        /// The time at which the keys were received.
        var fetchedAt: Moment?
        /// The time of the last request, whatever its result.
        var askedAt: Moment?
        var changedAt: Date?
        /// The request in progress.
        var request = SingleFlight<Void>()
        /// A number that grows with each new key set.
        var generation = 0
    }

    private let configuration: JWTConfiguration
    private let fetcher: KeyFetcher
    private let now: @Sendable () -> Moment
    private let logger: Logger
    private let state = Mutex(State())

    init(_ configuration: JWTConfiguration, now: @escaping @Sendable () -> Moment, logger: Logger) {
        self.configuration = configuration
        self.now = now
        self.logger = logger
        fetcher = KeyFetcher(source: configuration.keys)
    }

    /// Returns the keys, and a number that changes with them.
    ///
    /// - Parameter kid: the id of the needed key.
    /// - Throws: ``/KeyManagement/KMSError/busy(_:)`` if there are no keys, or only keys that are too old.
    func keys(for kid: String?) async throws(KMSError) -> (keys: IssuerKeys, generation: Int) {
        if isDue(for: kid) { await refresh() }
        let found: (IssuerKeys, Int)? = state.withLock { state in
            guard let keys = state.keys, let fetchedAt = state.fetchedAt,
                fetchedAt.duration(to: now()) <= configuration.keyLifetime + configuration.maxStaleness
            else { return nil }
            return (keys, state.generation)
        }
        guard let found else { throw .busy("the keys of the issuer cannot be had") }
        return found
    }

    private func isDue(for kid: String?) -> Bool {
        let changedAt = fetcher.changeTime()
        let moment = now()
        return state.withLock { state in
            if state.request.isInFlight {
                return state.keys == nil || kid.map { !(state.keys?.knows($0) ?? false) } ?? false
            }
            guard let keys = state.keys, let fetchedAt = state.fetchedAt else {
                return state.askedAt.map { $0.duration(to: moment) >= .seconds(1) } ?? true
            }
            if let changedAt, changedAt != state.changedAt { return true }
            if let askedAt = state.askedAt, askedAt.duration(to: moment) < configuration.minPause { return false }
            return fetchedAt.duration(to: moment) >= configuration.keyLifetime || kid.map { !keys.knows($0) } ?? false
        }
    }

    /// Joins the request in progress, or starts one.
    private func refresh() async {
        let task = state.withLock { state in
            if !state.request.isInFlight { state.askedAt = now() }
            return state.request.join { [self] in await query() }
        }
        await task.value
    }

    private func query() async {
        let changedAt = fetcher.changeTime()
        do {
            let keys = try await fetcher.fetch()
            state.withLock { state in
                state.keys = keys
                state.fetchedAt = now()
                state.changedAt = changedAt
                state.generation += 1
                state.request.end()
            }
            logger.info("the issuer's keys were read", metadata: ["keys": "\(keys.count)"])
        } catch {
            state.withLock { $0.request.end() }
            logger.warning(
                "the issuer's keys cannot be read",
                metadata: ["cause": "\((error as? KeyFetcher.Failure)?.reason ?? String(describing: error))"])
        }
    }
}
