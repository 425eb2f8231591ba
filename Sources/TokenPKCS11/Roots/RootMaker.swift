internal import KeyManagement
internal import PKCS11

/// Makes the root keys of an epoch in the token. Only an explicit command of an operator does this, never the service by itself.
enum RootMaker {
    /// - Parameters:
    ///   - session: read-write, logged in.
    ///   - token: the token's label, for errors.
    /// - Throws: ``TokenOpenError/rootsExist(token:epochs:)`` if any root key exists, even half a pair.
    static func makeFirst(in session: borrowing Session, of token: String) throws(TokenOpenError) {
        let existing = try TokenOpenError.explaining("the keys of \(token) cannot be listed") {
            () throws(PKCS11Error) in
            try RootFinder.find(in: session)
        }
        guard existing.isEmpty else {
            let epochs = Set(existing.map(\.epoch)).sorted().map(\.description).joined(separator: ", ")
            throw .rootsExist(token: token, epochs: epochs)
        }
        try TokenOpenError.explaining("the root keys cannot be made in \(token)") { () throws(PKCS11Error) in
            try make(.first, in: session)
        }
        // Read back, because only the attributes that the token reports count, not those requested.
        _ = try RootFinder.load(in: session, of: token)
    }

    /// Makes the roots of a later epoch.
    ///
    /// - Parameters:
    ///   - epoch: the epoch that the roots are made for.
    ///   - session: read-write, logged in.
    ///   - token: the token's label, for errors.
    static func make(
        _ epoch: RootEpoch, in session: borrowing Session, of token: String
    ) throws(TokenOpenError) {
        // Removes half a pair, which an interrupted call may have left. Nothing can be wrapped under it.
        try RootDestroyer.destroy(epoch, in: session, of: token)
        try TokenOpenError.explaining("the root keys of epoch \(epoch) cannot be made in \(token)") {
            () throws(PKCS11Error) in
            try make(epoch, in: session)
        }
    }

    /// Makes both keys, or none.
    private static func make(_ epoch: RootEpoch, in session: borrowing Session) throws(PKCS11Error) {
        let id = try session.generateRandom(count: 16)
        let both = try makeBoth(epoch, id: id, integrityID: id, in: session)
        guard try RootFinder.find(in: session).map(\.purpose) == [.integrity] else { return }
        // NSS has one secret key per id: the second key has replaced the first.
        try session.destroyObject(both.integrity)
        if both.wrapping != both.integrity { try? session.destroyObject(both.wrapping) }
        _ = try makeBoth(epoch, id: id, integrityID: RootRule.secondID(for: id), in: session)
    }

    private static func makeBoth(
        _ epoch: RootEpoch, id: [UInt8], integrityID: [UInt8], in session: borrowing Session
    ) throws(PKCS11Error) -> RootKeys {
        let wrapping = try PersistentKeyGenerator.make(
            .aesKeyGen, KeyTemplates.wrappingRoot(label: RootPurpose.wrapping.label(epoch: epoch), id: id), in: session)
        do throws(PKCS11Error) {
            let integrity = try PersistentKeyGenerator.make(
                .genericSecretKeyGen,
                KeyTemplates.integrityRoot(label: RootPurpose.integrity.label(epoch: epoch), id: integrityID),
                in: session)
            return RootKeys(epoch: epoch, wrapping: wrapping, integrity: integrity)
        } catch {
            // Half a pair would block the next attempt. Nothing can be wrapped under this key yet.
            try session.destroyObject(wrapping)
            throw error
        }
    }
}
