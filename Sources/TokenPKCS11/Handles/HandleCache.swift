import Caching
internal import KeyManagement
internal import PKCS11

/// A bounded cache of the handles of unwrapped version keys. It evicts the least recently used key, and no object is destroyed
/// while it is in use.
///
/// The cache performs no I/O. It returns the objects to destroy, and its owner destroys them.
struct HandleCache {
    /// A handle that is in use, or may be used again.
    final class Lease: @unchecked Sendable {
        // Sendable: the mutable state is fileprivate and changed only by the cache, whose owner guards it.
        let handle: ObjectHandle
        let wrapped: WrappedKey
        /// The session that made the object. It stays open while a lease is held. If it closed during an operation, the token
        /// could give the handle's number to another key.
        fileprivate let owner: OwnedSession?
        fileprivate var users = 0
        /// True after the lease left the cache. The object is destroyed when its last user is done.
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

    /// Returns the handle of a version with this wrapped blob, with one more user; `nil` if the key must be unwrapped.
    mutating func begin(_ key: VersionKey) -> Lease? {
        guard let lease = leases.use(key.id), lease.wrapped == key.wrapped else { return nil }
        lease.users += 1
        return lease
    }

    /// Inserts a newly unwrapped handle with one user. Returns the evicted object to destroy now, if any.
    mutating func insert(
        _ handle: ObjectHandle, of owner: OwnedSession? = nil, for key: VersionKey
    ) -> (lease: Lease, garbage: ObjectHandle?) {
        let lease = Lease(handle: handle, owner: owner, wrapped: key.wrapped)
        lease.users = 1
        let leaving = leases.insert(lease, for: key.id)
        return (lease, leaving.flatMap { Self.letGo($0) })
    }

    /// Records that one user is done. Returns the object to destroy now, if any.
    mutating func end(_ lease: Lease) -> ObjectHandle? {
        lease.users -= 1
        return lease.isLeaving && lease.users == 0 ? lease.handle : nil
    }

    /// Removes a version. Returns the object to destroy now, if any.
    mutating func remove(_ id: VersionID) -> ObjectHandle? {
        leases.remove(id).flatMap { Self.letGo($0) }
    }

    /// Removes this lease of a version, if it is still the cached one.
    mutating func remove(_ lease: Lease, of id: VersionID) -> ObjectHandle? {
        leases.use(id) === lease ? remove(id) : nil
    }

    /// Removes all objects that a session made. Returns those that are not in use.
    mutating func removeAll(of owner: OwnedSession) -> [ObjectHandle] {
        let ids = leases.all.filter { $0.value.owner === owner }.map(\.key)
        return ids.compactMap { remove($0) }
    }

    private static func letGo(_ lease: Lease) -> ObjectHandle? {
        lease.isLeaving = true
        return lease.users == 0 ? lease.handle : nil
    }
}
