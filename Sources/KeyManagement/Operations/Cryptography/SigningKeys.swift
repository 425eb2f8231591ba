internal import Crypto
import Synchronization

/// Keys that signatures of clients are checked with: each is good for one access key, day, region and service. They are made of what the
/// token answers, and kept, so that a request does not ask the token again.
final class SigningKeys: Sendable {
    struct Name: Hashable {
        let accessKey: AccessKeyID
        /// Of the record: what was changed is asked for anew.
        let revision: UInt64
        let date: String
        let region: Region
        let service: String
    }

    private let known: Mutex<LeastRecentlyUsed<Name, SymmetricKey>>

    init(capacity: Int) {
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    func key(_ name: Name) -> SymmetricKey? {
        known.withLock { $0.use(name) }
    }

    /// Keeps a key, if it is one of today: of another day there are too many, and clients ask for none.
    func keep(_ key: SymmetricKey, as name: Name, at now: Timestamp) {
        let days = [now.adding(days: -1), now, now.adding(days: 1)]
        guard days.contains(where: { $0.basicDay == name.date }) else { return }
        known.withLock { _ = $0.insert(key, for: name) }
    }

    func forget(_ accessKey: AccessKeyID) {
        known.withLock { known in
            let names = known.all.map(\.key).filter { $0.accessKey == accessKey }
            for name in names { known.remove(name) }
        }
    }
}

extension SymmetricKey {
    /// The key of the next step of Signature Version 4.
    func step(_ text: String) -> SymmetricKey {
        SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: self))
    }
}
