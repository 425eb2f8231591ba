internal import KeyManagement
internal import PKCS11
internal import Synchronization

/// Keeps version keys unwrapped in the token, for as long as a login stands.
///
/// Session objects go with the session that made them, so they are made in sessions of the keeper's, which stay open, and used from
/// the workers' sessions.
final class Keeper: Sendable {
    let guardian: Guardian
    private let sessions: SessionStock
    private let handles: Mutex<HandleCache>
    private let book: RootBook
    private let wrappings: [TokenProbe.ProvenWrapping]

    init(
        sessions: SessionStock, guardian: Guardian, book: RootBook, wrappings: [TokenProbe.ProvenWrapping],
        handleCapacity: Int
    ) {
        self.sessions = sessions
        self.guardian = guardian
        self.book = book
        self.wrappings = wrappings
        handles = Mutex(HandleCache(capacity: handleCapacity))
    }

    /// How many version keys are unwrapped at the moment.
    var handleCount: Int { handles.withLock { $0.count } }

    /// Runs calls with the handle of a version key, unwrapping it first when it is not in the token. The object is not
    /// destroyed while `body` runs. When the token does not know the handle, the key is unwrapped anew, once.
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
            // Unless another worker has replaced it already.
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

    /// Two workers may unwrap the same key at the same time; then the one that is a moment later has his own for his turn.
    private func unwrap(
        _ key: VersionKey, with root: ObjectHandle, _ mechanism: Mechanism, in owner: OwnedSession
    ) throws(PKCS11Error) -> HandleCache.Lease {
        do throws(PKCS11Error) {
            return try unwrapOnce(key, with: root, mechanism, in: owner)
        } catch {
            if error.endsSession { abandonObjects(of: owner) }
            guard error.isAmbiguous else { throw error }
        }
        // SoftHSM has one code for a blob that is not right and for a failure of its own. It is the blob if a key that the token has
        // just wrapped unwraps, and this one still does not.
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
        // Its last user is done; that it cannot be destroyed would be the token's loss, not the caller's.
        if let garbage { try? owner.session.destroyObject(garbage) }
        return lease
    }

    /// Whether the root unwraps what it has just wrapped.
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

    /// The session is not to be used again, and its objects go with it once nobody uses them any more.
    private func abandonObjects(of owner: OwnedSession) {
        _ = handles.withLock { $0.removeAll(of: owner) }
    }

    private func destroy(_ objects: [ObjectHandle]) {
        guard !objects.isEmpty else { return }
        // Any session may destroy an object. What cannot be destroyed goes with the login.
        try? sessions.withSession { (owned) throws(PKCS11Error) in
            for object in objects { try owned.session.destroyObject(object) }
        }
    }
}
