internal import KeyManagement
internal import PKCS11
internal import ThreadExecutor

/// Runs every operation that the design needs on a token, with throw-away session objects, and every operation that it must
/// refuse. The service offers only what was proved in this way.
enum TokenProbe {
    /// The result of a probe, with the mechanisms that the module uses for wrapping.
    struct Proof: Sendable {
        let report: ProbeReport
        /// All proved wrapping mechanisms, the best first. Any of them may have made a blob in the store.
        let wrappings: [ProvenWrapping]
    }

    /// A wrapping standard, and the mechanism that implements it.
    struct ProvenWrapping: Sendable {
        let standard: WrapMechanism
        let mechanism: Mechanism
    }

    /// - Parameters:
    ///   - slot: a slot to which this process is logged in.
    ///   - roots: the real root keys, if any; only the operations that must be refused are tried on them.
    ///   - token: the token's label, for errors.
    static func run(on slot: Slot, roots: RootKeySet?, of token: String) throws(PKCS11Error) -> Proof {
        var bench = ProbeRun(session: try OwnedSession(slot: slot))
        probeRandom(&bench)
        probeIntegrity(&bench)
        let (wrappings, working) = probeWrapping(&bench)
        // If no mechanism does everything that it must, one that works is used for the rest of the report. Nothing is offered
        // then.
        let way = (wrappings.first ?? working.first)?.mechanism
        // Generating a pair takes longer than everything else, so it runs in parallel if the token has a session for it.
        let rsa = way.flatMap { way in
            (try? OwnedSession(slot: slot)).map { session in
                BackgroundResult("token-probe-rsa") { probeRSA(wrapping: way, slot: slot, on: session) }
            }
        }
        let hasGCM = probeGCM(&bench)
        var found = way.map { probeAlgorithms(wrapping: $0, &bench) } ?? Abilities()
        let place = bench.lines.count
        // All working mechanisms are tried, because a holder of the PIN can choose any of them.
        probeRefusals(working, &bench)
        if let roots { probeRoots(roots, working, &bench) }
        if let way {
            let pairs = rsa?.wait() ?? probeRSA(wrapping: way, slot: slot, on: bench.session)
            bench.insert(pairs.lines, at: place)
            found.algorithms.formUnion(pairs.algorithms)
            found.importMethods = pairs.importMethods
        }
        if hasGCM { found.algorithms.insert(.aes256GCM96) }
        if wrappings.isEmpty { found = Abilities() }
        let report = ProbeReport(
            token: token, lines: bench.lines, wrapMechanism: wrappings.first?.standard,
            algorithms: found.algorithms, agreementAlgorithms: found.agreementAlgorithms,
            importMethods: found.importMethods)
        return Proof(report: report, wrappings: wrappings)
    }

    private static func probeRandom(_ bench: inout ProbeRun) {
        _ = bench.expect("random", "two times 32 bytes, which differ") { session in
            let first = try session.generateRandom(count: 32)
            let second = try session.generateRandom(count: 32)
            guard first != second, first.contains(where: { $0 != 0 }) else {
                throw ProbeFinding("the random bytes are not random")
            }
        }
    }

    private static func probeIntegrity(_ bench: inout ProbeRun) {
        let group = "HMAC-SHA256"
        let template: Template = [
            .class(.secretKey), .keyType(.genericSecret), .valueLength(32), .token(false), .private(true),
            .sensitive(true), .extractable(false), .sign(true), .verify(true),
        ]
        guard
            let key = bench.expect(
                group, "generate a 32-byte secret",
                { session in
                    try session.generateKey(.genericSecretKeyGen, template)
                })
        else { return }
        _ = bench.discardLater(key)
        let message = Array("a message".utf8)
        _ = bench.expect(group, "make a code, and the same one again") { session in
            let code = try session.sign(message, with: key, .sha256HMAC)
            guard code.count == Seal.byteCount else { throw ProbeFinding("the code has \(code.count) bytes, not 32") }
            guard try session.sign(message, with: key, .sha256HMAC) == code else {
                throw ProbeFinding("the same message has two codes")
            }
            guard try session.sign(message + [0], with: key, .sha256HMAC) != code else {
                throw ProbeFinding("two messages have the same code")
            }
        }
    }
}
