import FoundationEssentials
import KeyManagement
import Logging
import Synchronization

/// The issuer's keys, as they were when they were asked for last.
///
/// They are asked for again when they are old, when a token names one that is not among them, or when their file changed; by one
/// task at a time, and never more often than the least pause. When the issuer does not answer, the old ones go on for a while.
final class KeyCache: Sendable {
    typealias Moment = ContinuousClock.Instant

    private struct State {
        var keys: IssuerKeys?
        /// When the keys came.
        var fetchedAt: Moment?
        /// When they were asked for last, whatever came of it.
        var askedAt: Moment?
        var changedAt: Date?
        var question: Task<Void, Never>?
        /// Grows with each new set.
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

    /// The keys, and a number that is another one for other keys.
    ///
    /// - Parameter kid: which key is looked for.
    /// - Throws: ``KMSError/busy(_:)`` when there are none that could still be believed.
    func keys(for kid: String?) async throws(KMSError) -> (keys: IssuerKeys, generation: Int) {
        if isDue(for: kid) { await refresh() }
        let found: (IssuerKeys, Int)? = state.withLock { state in
            guard let keys = state.keys, let fetchedAt = state.fetchedAt,
                fetchedAt.duration(to: now()) <= configuration.keyLifetime + configuration.longestStaleness
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
            if state.question != nil {
                return state.keys == nil || kid.map { !(state.keys?.knows($0) ?? false) } ?? false
            }
            guard let keys = state.keys, let fetchedAt = state.fetchedAt else {
                return state.askedAt.map { $0.duration(to: moment) >= .seconds(1) } ?? true
            }
            if let changedAt, changedAt != state.changedAt { return true }
            if let askedAt = state.askedAt, askedAt.duration(to: moment) < configuration.leastPause { return false }
            return fetchedAt.duration(to: moment) >= configuration.keyLifetime || kid.map { !keys.knows($0) } ?? false
        }
    }

    /// Joins the question that is under way, or asks.
    private func refresh() async {
        let task = state.withLock { state in
            if let question = state.question { return question }
            state.askedAt = now()
            // A task of its own, because it belongs to all who wait for it.
            let question = Task { await ask() }
            state.question = question
            return question
        }
        await task.value
    }

    private func ask() async {
        let changedAt = fetcher.changeTime()
        do {
            let keys = try await fetcher.fetch()
            state.withLock { state in
                state.keys = keys
                state.fetchedAt = now()
                state.changedAt = changedAt
                state.generation += 1
                state.question = nil
            }
            logger.info("the issuer's keys were read", metadata: ["keys": "\(keys.count)"])
        } catch {
            state.withLock { $0.question = nil }
            logger.warning(
                "the issuer's keys cannot be read",
                metadata: ["cause": "\((error as? KeyFetcher.Failure)?.reason ?? String(describing: error))"])
        }
    }
}
