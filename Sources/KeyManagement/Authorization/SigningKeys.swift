import Caching
internal import Crypto
import Synchronization

/// The cache of keys that verify signed requests. Each is valid for one access key, day, region and service.
///
/// They are derived from an answer of the token, and cached so that a request does not query the token again.
final class SigningKeys: Sendable {
    struct Name: Hashable {
        let accessKey: AccessKeyID
        /// The revision of the access key's record. A changed record needs a new signing key.
        let revision: UInt64
        let date: String
        let region: Region
        let service: String
    }

    private let known: Mutex<LeastRecentlyUsed<Name, SymmetricKey>>

    private let token: CheckedToken

    init(capacity: Int, token: CheckedToken) {
        self.token = token
        known = Mutex(LeastRecentlyUsed(capacity: capacity))
    }

    /// Returns the signing key of a name. The token derives its first step from the secret, once a day for each.
    func key(_ name: Name, from secret: VersionKey, at now: Timestamp) async throws(KMSError) -> SymmetricKey {
        if let key = known.withLock({ $0.use(name) }) { return key }
        // The secret stays in the token; the derived key is valid for one day.
        let codes = try await atToken { () throws(TokenError) in
            try await token.authenticate([Array(name.date.utf8)], with: secret)
        }
        let key = SymmetricKey(data: try codes.only()).step(name.region.text).step(name.service).step("aws4_request")
        keep(key, as: name, at: now)
        return key
    }

    /// Caches a key if its day is yesterday, today or tomorrow. Clients request no other days, and there are too many of them.
    private func keep(_ key: SymmetricKey, as name: Name, at now: Timestamp) {
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
    /// Returns the key of the next step of Signature Version 4.
    fileprivate func step(_ text: String) -> SymmetricKey {
        SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: self))
    }
}
