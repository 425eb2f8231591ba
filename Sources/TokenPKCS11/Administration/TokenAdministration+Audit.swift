package import KeyManagement
internal import LibCrypto
package import PKCS11

/// The key with which a token signs audit checkpoints.
package struct AuditKeyReport: Sendable, Equatable {
    /// The name of the token in messages.
    package let token: String
    package let label: String
    package let publicKey: PublicKeyInfo

    init(_ key: AuditKey, of token: String) {
        self.token = token
        label = AuditKey.label
        publicKey = PublicKeyInfo(der: key.publicKey.der)
    }
}

extension TokenAdministration {
    /// Makes the audit key in a token that already has root keys.
    ///
    /// - Throws: ``TokenOpenError/wouldOverwrite(_:)`` if the token has an audit key,
    ///   ``TokenOpenError/rootsMissing(token:what:)`` if it has no root keys.
    package static func makeAuditKey(_ uri: PKCS11URI) async throws(TokenOpenError) -> AuditKeyReport {
        try await withLogin(.readWrite, uri) { (session, located) throws(TokenOpenError) in
            _ = try RootFinder.load(in: session, of: located.name)
            return AuditKeyReport(try AuditKeyMaker.make(in: session, of: located.name), of: located.name)
        }
    }

    /// Returns the audit key; `nil` if the token has none.
    package static func auditKey(_ uri: PKCS11URI) async throws(TokenOpenError) -> AuditKeyReport? {
        try await withLogin(.readOnly, uri) { (session, located) throws(TokenOpenError) in
            try AuditKeyFinder.load(in: session, of: located.name).map { AuditKeyReport($0, of: located.name) }
        }
    }
}
