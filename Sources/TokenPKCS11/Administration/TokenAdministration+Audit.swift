public import KeyManagement
internal import LibCrypto
public import PKCS11

/// What a token has for signing audit checkpoints.
public struct AuditKeyReport: Sendable, Equatable {
    /// How messages call the token.
    public let token: String
    public let label: String
    public let publicKey: PublicKeyInfo

    init(_ key: AuditKey, of token: String) {
        self.token = token
        label = AuditKey.label
        publicKey = PublicKeyInfo(der: key.publicKey.der)
    }
}

extension TokenAdministration {
    /// Makes the audit key in a token that has root keys already.
    ///
    /// - Throws: ``TokenOpenError/wouldOverwrite(_:)`` when there is one, ``TokenOpenError/rootsMissing(token:what:)`` when there are
    ///   no root keys.
    public static func makeAuditKey(_ uri: PKCS11URI) async throws(TokenOpenError) -> AuditKeyReport {
        try await withLogin(.readWrite, uri) { (session, located) throws(TokenOpenError) in
            _ = try RootFinder.load(in: session, of: located.name)
            return AuditKeyReport(try AuditKeyMaker.make(in: session, of: located.name), of: located.name)
        }
    }

    /// The audit key; nil when the token has none.
    public static func auditKey(_ uri: PKCS11URI) async throws(TokenOpenError) -> AuditKeyReport? {
        try await withLogin(.readOnly, uri) { (session, located) throws(TokenOpenError) in
            try AuditKeyFinder.load(in: session, of: located.name).map { AuditKeyReport($0, of: located.name) }
        }
    }
}
