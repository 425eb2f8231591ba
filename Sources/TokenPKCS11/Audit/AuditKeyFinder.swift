internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// Finds the audit key of a token and checks it against the rule.
enum AuditKeyFinder {
    /// Returns the audit key; `nil` if the token has none.
    ///
    /// - Throws: ``TokenOpenError/auditKeyUnfit(token:violations:)`` if the key breaks the rule, exists twice, is half a pair, or
    ///   if its halves do not belong together.
    static func load(in session: borrowing Session, of token: String) throws(TokenOpenError) -> AuditKey? {
        let (privateKeys, publicKeys) = try TokenOpenError.explaining("the audit key of \(token) cannot be found") {
            () throws(PKCS11Error) in
            (try find(.privateKey, in: session), try find(.publicKey, in: session))
        }
        if privateKeys.isEmpty, publicKeys.isEmpty { return nil }
        guard let privateKey = privateKeys.first, let publicKey = publicKeys.first, privateKeys.count == 1,
            publicKeys.count == 1
        else {
            throw .auditKeyUnfit(
                token: token,
                violations: [
                    "\(privateKeys.count) private and \(publicKeys.count) public keys are labelled \(AuditKey.label)"
                ])
        }
        let (violations, read) = try TokenOpenError.explaining("the audit key of \(token) cannot be read") {
            () throws(PKCS11Error) in
            (
                try AuditKeyRule.violations(of: privateKey, in: session),
                try PublicKeyReader.read(.ecP256, from: publicKey, in: session)
            )
        }
        guard violations.isEmpty else { throw .auditKeyUnfit(token: token, violations: violations) }
        let key = AuditKey(handle: privateKey, publicKey: read)
        let isPair = try TokenOpenError.explaining("the audit key of \(token) does not sign") {
            () throws(PKCS11Error) in
            try signs(key, in: session)
        }
        guard isPair else {
            throw .auditKeyUnfit(token: token, violations: ["\(AuditKey.label): the two halves are not a pair"])
        }
        return key
    }

    /// Returns all token objects of the class that have the audit key's label.
    static func find(_ kind: ObjectClass, in session: borrowing Session) throws(PKCS11Error) -> [ObjectHandle] {
        try session.findObjects([.class(kind), .token(true), .label(AuditKey.label)])
    }

    /// Returns true if the two halves belong together, by a signature over a digest of zeros, which no checkpoint has. The label
    /// alone proves nothing, because any object can carry it.
    private static func signs(_ key: AuditKey, in session: borrowing Session) throws(PKCS11Error) -> Bool {
        let digest = [UInt8](repeating: 0, count: 32)
        let raw = try KeyUse.sign(digest, by: .ecdsaSHA256, with: key.handle, of: .ecP256, in: session)
        guard let signature = ECDSASignature.der(fromRaw: raw) else { return false }
        return key.publicKey.verify(signature, over: digest, scheme: .ecdsa(.sha256))
    }
}
