import Synchronization

/// The uses of a key by one subject with one verb, in the last 90 days and perhaps some before.
///
/// Like ``DailyUse``, they inform people, are not sealed, and a crash can lose the latest.
package struct KeyUse: Hashable, Sendable {
    package let key: KeyID
    package let subject: SubjectID
    package let verb: Verb
    package var count: UInt64
    package var lastAt: Timestamp

    package init(key: KeyID, subject: SubjectID, verb: Verb, count: UInt64, lastAt: Timestamp) {
        self.key = key
        self.subject = subject
        self.verb = verb
        self.count = count
        self.lastAt = lastAt
    }
}

/// The uses of keys until they are stored.
///
/// Bounded: they are stored at least every 30 s, and what does not fit in between is not counted.
final class KeyUseLedger: Sendable {
    private struct Name: Hashable {
        let key: KeyID
        let subject: SubjectID
        let verb: Verb
    }

    private let uses = Mutex<[Name: (count: UInt64, lastAt: Timestamp)]>([:])
    private static let maxCount = 20_000

    func note(_ count: UInt64, of key: KeyID, by subject: SubjectID, _ verb: Verb, at now: Timestamp) {
        let name = Name(key: key, subject: subject, verb: verb)
        uses.withLock { uses in
            if let index = uses.index(forKey: name) {
                uses.values[index].count += count
                uses.values[index].lastAt = max(uses.values[index].lastAt, now)
            } else if uses.count < Self.maxCount {
                uses[name] = (count, now)
            }
        }
    }

    func take() -> [KeyUse] {
        let taken = uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
        return taken.map {
            KeyUse(key: $0.key, subject: $0.subject, verb: $0.verb, count: $1.count, lastAt: $1.lastAt)
        }
    }

    func putBack(_ uses: [KeyUse]) {
        for use in uses { note(use.count, of: use.key, by: use.subject, use.verb, at: use.lastAt) }
    }
}
