/// A failure of the store, as far as the domain distinguishes failures.
package enum StoreError: Error, Hashable, Sendable {
    /// A concurrent change was stored first.
    case conflict
    /// The project has a key or an alias of that name.
    case nameTaken
    /// An idempotent request was answered before.
    case repeated
    /// A shard of the state digest is not at the counter that a change begins with, because another change has altered one of
    /// its records.
    case stateMoved
    /// A row is not well formed: an unknown enumeration value or a wrong length, for example.
    case malformed(String)
    /// The store was locked for too long. The caller may retry.
    case busy(String)
    /// The store cannot be read or written at all.
    case unavailable(String)
}
