internal import KeyManagement
public import PKCS11
internal import ThreadExecutor

/// What an operator does with a token from the terminal. Each opens the module, does one thing, and closes it again.
public enum TokenAdministration {
    /// All slots with a token, in all modules that the URI means.
    public static func tokens(for uri: PKCS11URI) async throws(TokenOpenError) -> [TokenSummary] {
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

    /// The one token that the URI means, found as the service finds it.
    public static func locate(_ uri: PKCS11URI) async throws(TokenOpenError) -> TokenSummary {
        try await onOwnThread("token-locate") { () throws(TokenOpenError) in
            let located = try TokenLocator.locate(uri)
            defer { located.module.finalize() }
            return TokenSummary(slot: located.slot, info: located.info)
        }
    }

    /// Tries everything on a token that the service needs, on its root keys too when it has any.
    public static func probe(_ uri: PKCS11URI) async throws(TokenOpenError) -> ProbeReport {
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

    /// Makes the first root keys in a token, and the audit key if it can do ECDSA on P-256.
    ///
    /// - Throws: ``TokenOpenError/rootsExist(token:epochs:)`` when there are any, and
    ///   ``TokenOpenError/tokenIncapable(token:missing:)`` when the token could not be served from.
    public static func makeRoots(_ uri: PKCS11URI) async throws(TokenOpenError) -> RootReport {
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
            // A token that cannot do it can be served from without.
            if proof.report.algorithms.contains(.ecP256), try AuditKeyFinder.load(in: session, of: located.name) == nil
            {
                _ = try AuditKeyMaker.make(in: session, of: located.name)
            }
            return try RootReport(of: located, in: session)
        }
    }

    /// What the token says of its root keys.
    ///
    /// - Throws: ``TokenOpenError/rootsMissing(token:what:)`` when there are none.
    public static func roots(_ uri: PKCS11URI) async throws(TokenOpenError) -> RootReport {
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

/// A slot with a token in it, for a list.
public struct TokenSummary: Sendable, Equatable {
    public let slotID: UInt
    public let label: String
    public let serialNumber: String
    public let manufacturer: String
    public let model: String
    public let firmware: String
    public let isInitialized: Bool
    public let hasUserPIN: Bool
    public let isPINLocked: Bool

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
