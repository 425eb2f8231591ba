import Caching
import Synchronization

/// A kind of work with rate limits of its own.
package enum WorkClass: String, Sendable, CaseIterable {
    /// Everything except cryptography: reading and changing of keys, and the directory.
    case management
    /// AES, HMAC and random bytes.
    case symmetric
    case rsa
    /// ECDSA and EdDSA.
    case ec

    init(_ algorithm: KeyAlgorithm) {
        self =
            switch algorithm.family {
            case .aes, .hmac: .symmetric
            case .rsa: .rsa
            case .ec, .ed25519: .ec
            }
    }
}

/// The limits of one subject and of one project for each kind of work, in operations per second. A kind that is not listed is
/// unlimited.
package struct RateLimits: Sendable, Hashable {
    package var perSubject: [WorkClass: Int]
    package var perProject: [WorkClass: Int]

    package static let none = RateLimits(perSubject: [:], perProject: [:])

    package init(perSubject: [WorkClass: Int], perProject: [WorkClass: Int]) {
        self.perSubject = perSubject
        self.perProject = perProject
    }
}

/// The limiter of subjects and projects. It remembers the 40,000 most recently used buckets: one per subject or project, and
/// kind of work.
final class RateLimiter: Sendable {
    private struct Place: Hashable {
        let name: String
        let isProject: Bool
        let work: WorkClass
    }

    private let limits: RateLimits
    private let isUnlimited: Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex(LeastRecentlyUsed<Place, TokenBucket>(capacity: 40_000))

    init(_ limits: RateLimits, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.limits = limits
        isUnlimited = limits == .none
        self.now = now
    }

    /// Takes operations from the limits of the subject and of the project.
    ///
    /// - Throws: ``KMSError/rateLimited(retryAfter:)``
    func take(_ count: Int, of work: WorkClass, for operation: OperationContext) throws(KMSError) {
        try take(count, of: work, for: operation.principal, in: operation.project, operation.recorder)
    }

    func take(
        _ count: Int, of work: WorkClass, for principal: Principal, in project: ProjectID?, _ recorder: AuditRecorder
    ) throws(KMSError) {
        guard !isUnlimited, principal.kind != .system else { return }
        let subjectRate = limits.perSubject[work]
        let projectRate = project == nil ? nil : limits.perProject[work]
        guard subjectRate != nil || projectRate != nil else { return }
        let moment = now()
        let wait: Duration? = buckets.withLock { buckets in
            if let rate = subjectRate {
                let place = Place(name: principal.subject.text, isProject: false, work: work)
                if let wait = Self.take(count, at: place, rate, moment, &buckets) { return wait }
            }
            if let rate = projectRate, let project {
                let place = Place(name: project.text, isProject: true, work: work)
                if let wait = Self.take(count, at: place, rate, moment, &buckets) { return wait }
            }
            return nil
        }
        guard let wait else { return }
        recorder.note {
            $0.reason = "the limit of \(work.rawValue) operations a second is reached"
            $0.isDenied = true
        }
        throw .rateLimited(retryAfter: wait)
    }

    private static func take(
        _ count: Int, at place: Place, _ rate: Int, _ now: ContinuousClock.Instant,
        _ buckets: inout LeastRecentlyUsed<Place, TokenBucket>
    ) -> Duration? {
        // Two seconds' worth. One batch may overdraw it.
        let filling = TokenBucket.Filling(
            capacity: 2 * Double(max(rate, 1)), tokens: Double(rate), everySeconds: 1)
        var bucket = buckets.use(place) ?? TokenBucket(filling, at: now)
        let wait = bucket.timeToNext(filling, at: now)
        if wait == nil { bucket.take(count) }
        buckets.insert(bucket, for: place)
        return wait
    }
}
