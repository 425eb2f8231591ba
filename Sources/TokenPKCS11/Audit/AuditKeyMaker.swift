internal import PKCS11

/// Makes the audit key in the token. Only an explicit command of an operator makes it.
enum AuditKeyMaker {
    /// - Parameters:
    ///   - session: read-write, logged in.
    ///   - token: the token's label, for errors.
    /// - Throws: ``TokenOpenError/wouldOverwrite(_:)`` if an audit key exists, even half a pair.
    static func make(in session: borrowing Session, of token: String) throws(TokenOpenError) -> AuditKey {
        let existing = try TokenOpenError.explaining("the keys of \(token) cannot be listed") {
            () throws(PKCS11Error) in
            try AuditKeyFinder.find(.privateKey, in: session) + AuditKeyFinder.find(.publicKey, in: session)
        }
        guard existing.isEmpty else {
            throw .wouldOverwrite("\(token) has an audit key already, \(AuditKey.label)")
        }
        try TokenOpenError.explaining("the audit key cannot be made in \(token)") { () throws(PKCS11Error) in
            let id = try session.generateRandom(count: 16)
            try PersistentKeyGenerator.makePair(
                .ecKeyPairGen, publicKey: KeyTemplates.auditPublicKey(label: AuditKey.label, id: id),
                privateKey: KeyTemplates.auditPrivateKey(label: AuditKey.label, id: id), in: session)
        }
        // Read back, because only the attributes that the token reports count, not those requested.
        guard let key = try AuditKeyFinder.load(in: session, of: token) else {
            throw .failed("\(token) has made an audit key and does not find it")
        }
        return key
    }
}
