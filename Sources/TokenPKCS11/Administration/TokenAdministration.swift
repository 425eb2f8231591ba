internal import KeyManagement
package import PKCS11
internal import ThreadExecutor

/// The token operations of the command line. Each opens the module, performs one operation, and closes the module again.
package enum TokenAdministration {
    /// Returns all slots with a token, in all modules that match the URI.
    package static func tokens(for uri: PKCS11URI) async throws(TokenOpenError) -> [TokenSummary] {
        try await onOwnThread("token-list") { () throws(TokenOpenError) in
            var summaries: [TokenSummary] = []
            for module in try TokenLocator.modules(for: uri) {
                defer { module.finalize() }
                for (slot, info) in try TokenLocator.tokens(of: module) {
                    summaries.append(TokenSummary(slot: slot, info: info))
                }
            }
            return summaries
        }
    }

    /// Returns the one token that matches the URI, by the same search as the service's.
    package static func locate(_ uri: PKCS11URI) async throws(TokenOpenError) -> TokenSummary {
        try await onOwnThread("token-locate") { () throws(TokenOpenError) in
            let located = try TokenLocator.locate(uri)
            defer { located.module.finalize() }
            return TokenSummary(slot: located.slot, info: located.info)
        }
    }

    /// Tries every operation that the service needs on a token, including its root keys if it has any.
    package static func probe(_ uri: PKCS11URI) async throws(TokenOpenError) -> ProbeReport {
        try await withLogin(.readOnly, uri) { (session, located) throws(TokenOpenError) in
            let roots: RootKeySet?
            do throws(TokenOpenError) {
                roots = try RootFinder.load(in: session, of: located.name)
            } catch .rootsMissing {
                roots = nil
            }
            do throws(PKCS11Error) {
                return try TokenProbe.run(on: located.slot, roots: roots, of: located.name).report
            } catch {
                throw .failed("no session with \(located.name): \(error)")
            }
        }
    }

    /// Makes the first root keys in a token, and the audit key if the token supports ECDSA on P-256.
    ///
    /// - Throws: ``TokenOpenError/rootsExist(token:epochs:)`` if the token has root keys, and
    ///   ``TokenOpenError/tokenIncapable(token:missing:)`` if the service could not run on it.
    package static func makeRoots(_ uri: PKCS11URI) async throws(TokenOpenError) -> RootReport {
        try await withLogin(.readWrite, uri) { (session, located) throws(TokenOpenError) in
            let proof: TokenProbe.Proof
            do throws(PKCS11Error) {
                proof = try TokenProbe.run(on: located.slot, roots: nil, of: located.name)
            } catch {
                throw .failed("no session with \(located.name): \(error)")
            }
            guard proof.report.isSufficient else {
                throw .tokenIncapable(token: located.name, missing: proof.report.missing)
            }
            try RootMaker.makeFirst(in: session, of: located.name)
            // The service runs without an audit key on a token that does not support it.
            if proof.report.algorithms.contains(.ecP256), try AuditKeyFinder.load(in: session, of: located.name) == nil
            {
                _ = try AuditKeyMaker.make(in: session, of: located.name)
            }
            return try RootReport(of: located, in: session)
        }
    }

    /// Reports the attributes of the token's root keys.
    ///
    /// - Throws: ``TokenOpenError/rootsMissing(token:what:)`` if there are none.
    package static func roots(_ uri: PKCS11URI) async throws(TokenOpenError) -> RootReport {
        try await withLogin(.readOnly, uri) { (session, located) throws(TokenOpenError) in
            try RootReport(of: located, in: session)
        }
    }

    static func withLogin<Result: Sendable>(
        _ access: SessionAccess, _ uri: PKCS11URI,
        _ body: @escaping @Sendable (borrowing Session, LocatedToken) throws(TokenOpenError) -> Result
    ) async throws(TokenOpenError) -> Result {
        try await onOwnThread("token-admin") { () throws(TokenOpenError) in
            let located = try TokenLocator.locate(uri)
            defer { located.module.finalize() }
            let session = try TokenLogin.open(access, on: located) { () throws(TokenOpenError) in try uri.readPIN() }
            return try body(session, located)
        }
    }
}

/// A slot and the token in it, as a list shows them.
package struct TokenSummary: Sendable, Equatable {
    package let slotID: UInt
    package let label: String
    package let serialNumber: String
    package let manufacturer: String
    package let model: String
    package let firmware: String
    package let isInitialized: Bool
    package let hasUserPIN: Bool
    package let isPINLocked: Bool

    init(slot: Slot, info: TokenInfo) {
        slotID = slot.id
        label = info.label
        serialNumber = info.serialNumber
        manufacturer = info.manufacturer
        model = info.model
        firmware = "\(info.firmwareVersion)"
        isInitialized = info.flags.contains(.isInitialized)
        hasUserPIN = info.flags.contains(.userPINInitialized)
        isPINLocked = info.flags.contains(.userPINLocked)
    }
}
