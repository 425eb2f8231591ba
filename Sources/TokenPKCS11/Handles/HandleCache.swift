internal import KeyManagement
internal import PKCS11

/// Unwrapped version keys, as handles: bounded, least recently used out first, and none destroyed while it is in use.
///
/// A plain machine that does no I/O: it says which objects are to be destroyed, its owner does it.
struct HandleCache {
    /// A handle that somebody uses, or may use again.
    final class Lease: @unchecked Sendable {
        // Sendable: what changes is fileprivate and touched by the cache only, whose owner guards it.
        let handle: ObjectHandle
        let wrapped: WrappedKey
        /// The session that made the object. It stays open for as long as a lease is held: if it closed under a running operation,
        /// the token could give the handle's number to another key.
        fileprivate let owner: OwnedSession?
        fileprivate var users = 0
        /// No longer in the cache: to be destroyed when the last user is done.
        fileprivate var isLeaving = false

        fileprivate init(handle: ObjectHandle, owner: OwnedSession?, wrapped: WrappedKey) {
            self.handle = handle
            self.owner = owner
            self.wrapped = wrapped
        }
    }

    private var leases: LeastRecentlyUsed<VersionID, Lease>

    init(capacity: Int) {
        leases = LeastRecentlyUsed(capacity: capacity)
    }

    var count: Int { leases.count }

    /// The handle of a version whose blob is this one; it has one user more. Nil when it has to be unwrapped.
    mutating func begin(_ key: VersionKey) -> Lease? {
        guard let lease = leases.use(key.id), lease.wrapped == key.wrapped else { return nil }
        lease.users += 1
        return lease
    }

    /// Takes a handle that was just unwrapped, with one user. The object that has to go for it is to be destroyed now.
    mutating func insert(
        _ handle: ObjectHandle, of owner: OwnedSession? = nil, for key: VersionKey
    ) -> (lease: Lease, garbage: ObjectHandle?) {
        let lease = Lease(handle: handle, owner: owner, wrapped: key.wrapped)
        lease.users = 1
        let leaving = leases.insert(lease, for: key.id)
        return (lease, leaving.flatMap { Self.letGo($0) })
    }

    /// One user is done. Answers the object that is to be destroyed now, if any.
    mutating func end(_ lease: Lease) -> ObjectHandle? {
        lease.users -= 1
        return lease.isLeaving && lease.users == 0 ? lease.handle : nil
    }

    /// Forgets a version. Answers the object that is to be destroyed now, if any.
    mutating func remove(_ id: VersionID) -> ObjectHandle? {
        leases.remove(id).flatMap { Self.letGo($0) }
    }

    /// Forgets this lease of a version, if it is still the one in use.
    mutating func remove(_ lease: Lease, of id: VersionID) -> ObjectHandle? {
        leases.use(id) === lease ? remove(id) : nil
    }

    /// Forgets all that a session made. Answers the objects that nobody uses.
    mutating func removeAll(of owner: OwnedSession) -> [ObjectHandle] {
        let ids = leases.all.filter { $0.value.owner === owner }.map(\.key)
        return ids.compactMap { remove($0) }
    }

    private static func letGo(_ lease: Lease) -> ObjectHandle? {
        lease.isLeaving = true
        return lease.users == 0 ? lease.handle : nil
    }
}
