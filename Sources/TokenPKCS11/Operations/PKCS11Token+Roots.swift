package import KeyManagement
internal import PKCS11

extension PKCS11Token {
    package func readIdentity(_ call: ReadIdentityCall) async throws(TokenError) -> TokenIdentity {
        try await onWorker { (connection) throws(TokenError) in
            do throws(PKCS11Error) {
                try connection.withSession { (session) throws(PKCS11Error) in
                    try Self.reload(connection.book, in: session)
                }
            } catch {
                throw TokenError(error)
            }
            return connection.identity
        }
    }

    package func makeRoots(_ call: MakeRootsCall) async throws(TokenError) -> TokenIdentity {
        let epoch = call.epoch
        return try await changeRoots { identity in
            identity.epoch.next == epoch
                ? nil : "the latest root epoch is \(identity.epoch), so the next one is not \(epoch)"
        } _: { (session, token) throws(TokenOpenError) in
            try RootMaker.make(epoch, in: session, of: token)
        }
    }

    package func destroyRoots(_ call: DestroyRootsCall) async throws(TokenError) -> TokenIdentity {
        let epoch = call.epoch
        return try await changeRoots { identity in
            epoch < identity.epoch ? nil : "root epoch \(epoch) is the latest: what is new is wrapped under it"
        } _: { (session, token) throws(TokenOpenError) in
            try RootDestroyer.destroy(epoch, in: session, of: token)
        }
    }

    /// Reads which roots exist, makes a change, and reads them again.
    ///
    /// - Parameter objection: returns the reason to refuse the change, given the existing roots.
    private func changeRoots(
        unless objection: @escaping @Sendable (TokenIdentity) -> String?,
        _ body: @escaping @Sendable (borrowing Session, String) throws(TokenOpenError) -> Void
    ) async throws(TokenError) -> TokenIdentity {
        try await onWorker { (connection) throws(TokenError) in
            let outcome: Swift.Result<String?, TokenOpenError>
            do throws(PKCS11Error) {
                outcome = try connection.withWritingSession { (session) throws(PKCS11Error) in
                    Swift.Result { () throws(TokenOpenError) in
                        try connection.book.reload(in: session)
                        if let refusal = objection(connection.identity) { return refusal }
                        try body(session, connection.located.name)
                        try connection.book.reload(in: session)
                        return nil
                    }
                }
            } catch {
                throw TokenError(error)
            }
            guard case .success(let refusal) = outcome else { throw .unavailable("\(outcome)") }
            if let refusal { throw .unsupported(refusal) }
            return connection.identity
        }
    }

    package func rewrap(_ call: RewrapCall) async throws(TokenError) -> [WrappedKey] {
        let (wrapping, wrappings) = (wrapping, wrappings)
        return try await onWorker { (connection) throws(TokenError) in
            let root = connection.roots.current
            var rewrapped: [WrappedKey] = []
            for key in call.keys {
                let rewrapper = KeyRewrapper(root: root, wrapping: wrapping, key: key)
                rewrapped.append(try Self.rewrap(rewrapper, wrappings, connection))
            }
            return rewrapped
        }
    }

    private static func rewrap(
        _ rewrapper: KeyRewrapper, _ wrappings: [TokenProbe.ProvenWrapping], _ connection: Connection
    ) throws(TokenError) -> WrappedKey {
        let key = rewrapper.key
        guard key.wrapped.epoch != rewrapper.root.epoch else { return key.wrapped }
        guard let mechanism = wrappings.first(where: { $0.standard == key.wrapped.mechanism })?.mechanism else {
            throw .unwrapFailed("\(key.name) is wrapped in a way that is not here")
        }
        let rewrapped: WrappedKey?
        do throws(PKCS11Error) {
            rewrapped = try connection.withSession { (session) throws(PKCS11Error) in
                guard let old = try connection.book.roots(of: key.wrapped.epoch, in: session) else { return nil }
                return try rewrapper.run(from: old.wrapping, by: mechanism, in: session)
            }
        } catch {
            throw TokenError(error)
        }
        guard let rewrapped else {
            throw .unwrapFailed(
                "\(key.name) is wrapped under root epoch \(key.wrapped.epoch), which is not in the token")
        }
        return rewrapped
    }

    private static func reload(_ book: RootKeyRegistry, in session: borrowing Session) throws(PKCS11Error) {
        do throws(TokenOpenError) {
            try book.reload(in: session)
        } catch {
            throw .malformedAnswer(from: .findObjects, "\(error)")
        }
    }
}
