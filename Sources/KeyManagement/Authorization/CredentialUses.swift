import Synchronization

/// When credentials were used last, until it is stored with the counts of uses. Bounded: the store is told at least every 30 s, and
/// what does not fit is noted with the next use.
final class CredentialUses: Sendable {
    private let uses = Mutex<[CredentialHash: Timestamp]>([:])
    private static let most = 10_000

    func note(_ credential: CredentialHash, at now: Timestamp) {
        uses.withLock { uses in
            guard uses.count < Self.most || uses[credential] != nil else { return }
            uses[credential] = now
        }
    }

    func take() -> [CredentialHash: Timestamp] {
        uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
    }
}
