import Synchronization

/// The times at which credentials were last used, until they are stored with the counts of uses.
///
/// Bounded: the times are stored at least every 30 s, and what does not fit is noted with the next use.
final class CredentialUses: Sendable {
    private let uses = Mutex<[CredentialHash: Timestamp]>([:])
    private static let maxCount = 10_000

    func note(_ credential: CredentialHash, at now: Timestamp) {
        uses.withLock { uses in
            guard uses.count < Self.maxCount || uses[credential] != nil else { return }
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
