internal import KeyManagement
internal import PKCS11
internal import ThreadExecutor

/// Everything about a token that is found out once, when it is opened.
struct OpenedToken: Sendable {
    let located: LocatedToken
    let roots: RootKeySet
    let audit: AuditKey?
    let proof: TokenProbe.Proof
    let wrapping: TokenProbe.ProvenWrapping
    let identity: TokenIdentity
    let workerCount: Int
}

extension PKCS11Token {
    /// Finds the token, logs in, checks its root keys against the rule, and lets it prove what it can do.
    ///
    /// It never makes a root key.
    public static func open(_ configuration: TokenConfiguration) async throws(TokenOpenError) -> PKCS11Token {
        try await onOwnThread("token-open") { () throws(TokenOpenError) in
            let located = try TokenLocator.locate(configuration.uri)
            do throws(TokenOpenError) {
                return try open(located, configuration)
            } catch {
                located.module.finalize()
                throw error
            }
        }
    }

    private static func open(
        _ located: LocatedToken, _ configuration: TokenConfiguration
    ) throws(TokenOpenError) -> PKCS11Token {
        let session = try TokenLogin.open(.readOnly, on: located, pinFrom: configuration.uri)
        let roots = try RootFinder.load(in: session, of: located.name)
        let audit = try AuditKeyFinder.load(in: session, of: located.name)
        let proof = try proofOfAbility(located, roots)
        guard proof.report.isSufficient, let wrapping = proof.wrappings.first else {
            throw .tokenIncapable(token: located.name, missing: proof.report.missing)
        }
        let opened = OpenedToken(
            located: located, roots: roots, audit: audit, proof: proof, wrapping: wrapping,
            identity: TokenIdentity(
                label: located.info.label, serialNumber: located.info.serialNumber, epoch: roots.current.epoch,
                checkValue: try checkValue(of: roots.current, in: session, token: located.name)),
            workerCount: workerCount(for: located, wish: configuration.workers))
        let keeper = Keeper(session: session, roots: roots, handleCapacity: configuration.handleCapacity) { standard in
            proof.wrappings.first { $0.standard == standard }?.mechanism
        }
        return PKCS11Token(opened: opened, keeper: keeper, configuration: configuration)
    }

    private static func proofOfAbility(
        _ located: LocatedToken, _ roots: RootKeySet
    ) throws(TokenOpenError) -> TokenProbe.Proof {
        do throws(PKCS11Error) {
            return try TokenProbe.run(on: located.slot, roots: roots, of: located.name)
        } catch {
            throw .failed("no session with \(located.name): \(error)")
        }
    }

    /// What only this root can make: HMAC-SHA256 of a text that no record begins with.
    private static func checkValue(
        of root: RootKeys, in session: borrowing Session, token: String
    ) throws(TokenOpenError) -> [UInt8] {
        do throws(PKCS11Error) {
            return try session.sign(Array("hsm-kms/root-check/1".utf8), with: root.integrity, .sha256HMAC)
        } catch {
            throw .failed("the check value of \(token) cannot be made: \(error)")
        }
    }

    private static func workerCount(for located: LocatedToken, wish: Int?) -> Int {
        if let wish { return max(1, wish) }
        // Two threads are slower than one on SoftHSM; a network HSM needs many calls in flight.
        if located.info.manufacturer.hasPrefix("SoftHSM") { return 1 }
        // One session is the keeper's.
        let sessions = located.info.maxSessions.map { Int(clamping: $0) } ?? .max
        return max(1, min(16, sessions - 1))
    }
}
