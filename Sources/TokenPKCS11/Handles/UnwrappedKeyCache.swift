internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// Keeps version keys unwrapped in the token while a login is valid.
///
/// Session objects disappear with the session that made them. The cache therefore makes them in sessions of its own, which stay
/// open, and workers use them from their sessions.
final class UnwrappedKeyCache: Sendable {
    let guardian: LoginSession
    private let sessions: SessionPool
    private let handles: Mutex<HandleCache>
    private let book: RootKeyRegistry
    private let wrappings: [TokenProbe.ProvenWrapping]

    init(
        sessions: SessionPool, guardian: LoginSession, book: RootKeyRegistry, wrappings: [TokenProbe.ProvenWrapping],
        handleCapacity: Int
    ) {
        self.sessions = sessions
        self.guardian = guardian
        self.book = book
        self.wrappings = wrappings
        handles = Mutex(HandleCache(capacity: handleCapacity))
    }

    /// The number of version keys currently unwrapped.
    var handleCount: Int { handles.withLock { $0.count } }

    /// Runs calls with the handle of a version key, and unwraps the key first if it is not in the token. The object is not
    /// destroyed while `body` runs. If the token does not know the handle, the key is unwrapped again, once.
    func withHandle<Result>(
        of key: VersionKey, _ body: (ObjectHandle) throws(PKCS11Error) -> Result
    ) throws(TokenError) -> Result {
        switch try use(key, body) {
        case .success(let result): return result
        case .failure(let error) where error.blamesHandle: break
        case .failure(let error): throw TokenError(error)
        }
        switch try use(key, body) {
        case .success(let result): return result
        case .failure(let error): throw TokenError(error)
        }
    }

    /// Drops a version key from the token.
    func forget(_ id: VersionID) {
        destroy(handles.withLock { $0.remove(id) }.map { [$0] } ?? [])
    }

    private func use<Result>(
        _ key: VersionKey, _ body: (ObjectHandle) throws(PKCS11Error) -> Result
    ) throws(TokenError) -> Swift.Result<Result, PKCS11Error> {
        let lease = try begin(key)
        defer { destroy(handles.withLock { $0.end(lease) }.map { [$0] } ?? []) }
        do throws(PKCS11Error) {
            return .success(try body(lease.handle))
        } catch {
            // Unless another worker has already replaced it.
            if error.blamesHandle { _ = handles.withLock { $0.remove(lease, of: key.id) } }
            return .failure(error)
        }
    }

    private func begin(_ key: VersionKey) throws(TokenError) -> HandleCache.Lease {
        if let lease = handles.withLock({ $0.begin(key) }) { return lease }
        guard let mechanism = wrappings.first(where: { $0.standard == key.wrapped.mechanism })?.mechanism else {
            throw .unsupported("the token has not proved \(key.wrapped.mechanism.rawValue)")
        }
        let lease: HandleCache.Lease?
        do throws(PKCS11Error) {
            lease = try sessions.withSession { (owner) throws(PKCS11Error) in
                guard let root = try book.roots(of: key.wrapped.epoch, in: owner.session) else { return nil }
                return try unwrap(key, with: root.wrapping, mechanism, in: owner)
            }
        } catch {
            throw TokenError(error)
        }
        guard let lease else {
            throw .unwrapFailed("\(key.id) is wrapped under root epoch \(key.wrapped.epoch), which is not in the token")
        }
        return lease
    }

    /// Unwraps a key. If two workers unwrap the same key at the same time, the later one uses an object of its own once.
    private func unwrap(
        _ key: VersionKey, with root: ObjectHandle, _ mechanism: Mechanism, in owner: OwnedSession
    ) throws(PKCS11Error) -> HandleCache.Lease {
        do throws(PKCS11Error) {
            return try unwrapOnce(key, with: root, mechanism, in: owner)
        } catch {
            if error.endsSession { abandonObjects(of: owner) }
            guard error.isAmbiguous else { throw error }
        }
        // SoftHSM returns one code for a wrong blob and for a failure of its own. The blob is wrong if the root unwraps a key
        // that it has just wrapped, and this blob still does not unwrap.
        guard unwrapsOthers(root, mechanism, in: owner.session) else { throw .returned(.deviceError, from: .unwrapKey) }
        return try unwrapOnce(key, with: root, mechanism, in: owner)
    }

    private func unwrapOnce(
        _ key: VersionKey, with root: ObjectHandle, _ mechanism: Mechanism, in owner: OwnedSession
    ) throws(PKCS11Error) -> HandleCache.Lease {
        let handle = try owner.session.unwrapKey(
            key.wrapped.blob, of: key.algorithm, with: root, mechanism,
            KeyTemplates.unwrapped(key.algorithm, for: key.usage))
        let (lease, garbage) = handles.withLock { $0.insert(handle, of: owner, for: key) }
        // Its last user is done. A failure to destroy it wastes room in the token and does not concern the caller.
        if let garbage { try? owner.session.destroyObject(garbage) }
        return lease
    }

    /// Returns true if the root unwraps a key that it has just wrapped.
    private func unwrapsOthers(_ root: ObjectHandle, _ mechanism: Mechanism, in session: borrowing Session) -> Bool {
        do throws(PKCS11Error) {
            let made = try KeyMaker.generate(.aes256GCM96, under: root, by: mechanism, in: session)
            let handle = try session.unwrapKey(
                made.blob, with: root, mechanism, KeyTemplates.unwrapped(.aes256GCM96, for: .encryptDecrypt))
            try session.destroyObject(handle)
            return true
        } catch {
            return false
        }
    }

    /// Removes the objects of a session that must not be used again. They disappear with the session when their last user is
    /// done.
    private func abandonObjects(of owner: OwnedSession) {
        _ = handles.withLock { $0.removeAll(of: owner) }
    }

    private func destroy(_ objects: [ObjectHandle]) {
        guard !objects.isEmpty else { return }
        // Any session may destroy an object. An object that cannot be destroyed disappears with the login.
        try? sessions.withSession { (owned) throws(PKCS11Error) in
            for object in objects { try owned.session.destroyObject(object) }
        }
    }
}
