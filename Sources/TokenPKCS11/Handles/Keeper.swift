internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// Keeps the one session that must not close: it holds the login and owns the version keys in use.
///
/// A token drops the login and all session objects of a process with its last session, and a session's objects with the
/// session that made them. So version keys are unwrapped here, and used from the workers' sessions.
final class Keeper: Sendable {
    private let session: Mutex<Session>
    private let handles: Mutex<HandleCache>
    private let roots: RootKeySet
    private let mechanism: @Sendable (WrapMechanism) -> Mechanism?

    /// - Parameters:
    ///   - session: logged in.
    ///   - mechanism: the module's mechanism for a way of wrapping, as far as it was proved.
    init(
        session: consuming sending Session, roots: RootKeySet, handleCapacity: Int,
        mechanism: @escaping @Sendable (WrapMechanism) -> Mechanism?
    ) {
        self.session = Mutex(session)
        self.roots = roots
        self.mechanism = mechanism
        handles = Mutex(HandleCache(capacity: handleCapacity))
    }

    /// How many version keys are unwrapped at the moment.
    var handleCount: Int { handles.withLock { $0.count } }

    /// Runs calls with the handle of a version key, unwrapping it first when it is not in the token. The object is not
    /// destroyed while `body` runs.
    func withHandle<Result>(
        of key: VersionKey, _ body: (ObjectHandle) throws(PKCS11Error) -> Result
    ) throws(TokenError) -> Result {
        let lease = try begin(key)
        defer { end(lease) }
        do throws(PKCS11Error) {
            return try body(lease.handle)
        } catch {
            if error.blamesHandle { drop(lease, of: key) }
            throw TokenError(error)
        }
    }

    /// Drops a version key from the token.
    func forget(_ id: VersionID) {
        destroy(handles.withLock { $0.remove(id) })
    }

    /// Whether the login is still there; nil when the session is at work, which may take as long as an unwrap does: whoever
    /// asks after the health must not stand in line behind a call that hangs. Throws when the session is gone.
    func isLoggedIn() throws(PKCS11Error) -> Bool? {
        try session.withLockIfAvailable { (session) throws(PKCS11Error) in try session.info().state.isUserLoggedIn }
    }

    /// Drops a handle that turned out to be dead, unless another worker has replaced it already.
    private func drop(_ lease: HandleCache.Lease, of key: VersionKey) {
        destroy(handles.withLock { $0.remove(lease, of: key.id) })
    }

    private func begin(_ key: VersionKey) throws(TokenError) -> HandleCache.Lease {
        if let lease = handles.withLock({ $0.begin(key) }) { return lease }
        let result: Swift.Result<HandleCache.Lease, TokenError> = session.withLock { session in
            // Somebody else may have unwrapped it while this one waited for the session.
            if let lease = handles.withLock({ $0.begin(key) }) { return .success(lease) }
            do throws(TokenError) {
                let handle = try unwrap(key, in: session)
                let (lease, garbage) = handles.withLock { $0.insert(handle, for: key) }
                // Its last user is done; that it cannot be destroyed would be the token's loss, not the caller's.
                if let garbage { try? session.destroyObject(garbage) }
                return .success(lease)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func end(_ lease: HandleCache.Lease) {
        destroy(handles.withLock { $0.end(lease) })
    }

    private func destroy(_ handle: ObjectHandle?) {
        guard let handle else { return }
        // What cannot be destroyed goes with the session.
        session.withLock { try? $0.destroyObject(handle) }
    }

    private func unwrap(_ key: VersionKey, in session: borrowing Session) throws(TokenError) -> ObjectHandle {
        guard let root = roots[key.wrapped.epoch] else {
            throw .unwrapFailed("\(key.id) is wrapped under root epoch \(key.wrapped.epoch), which is not in the token")
        }
        guard let mechanism = mechanism(key.wrapped.mechanism) else {
            throw .unsupported("the token has not proved \(key.wrapped.mechanism.rawValue)")
        }
        do throws(PKCS11Error) {
            return try session.unwrapKey(
                key.wrapped.blob, with: root.wrapping, mechanism,
                KeyTemplates.unwrapped(key.algorithm, for: key.usage))
        } catch {
            throw TokenError(error)
        }
    }
}
