internal import KeyManagement
internal import PKCS11

extension TokenProbe {
    /// The candidate wrapping mechanisms, best first. 0x210A is RFC 5649 in some modules and something else in others; the length
    /// of its output tells them apart.
    static var candidates: [ProvenWrapping] {
        [
            ProvenWrapping(standard: .aesKWP, mechanism: .aesKeyWrapKWP),
            ProvenWrapping(standard: .aesKWP, mechanism: .aesKeyWrapPad),
            ProvenWrapping(standard: .aesKW, mechanism: .aesKeyWrap),
        ]
    }

    /// The template of a root like the real ones, but only for the session.
    static let throwawayRoot: Template = [
        .class(.secretKey), .keyType(.aes), .valueLength(32), .token(false), .private(true), .sensitive(true),
        .extractable(false), .wrap(true), .unwrap(true), .encrypt(false), .decrypt(false), .sign(false), .verify(false),
        .derive(false),
    ]

    /// Finds the wrapping mechanisms that return the original key. Proven are those that also refuse a tampered blob and a key
    /// that is not extractable.
    static func probeWrapping(
        _ bench: inout ProbeRun
    ) -> (proven: [ProvenWrapping], working: [ProvenWrapping]) {
        let group = "wrapping"
        guard
            let root = bench.expect(
                group, "generate an AES-256 key that only wraps and unwraps",
                { session in
                    try session.generateKey(.aesKeyGen, throwawayRoot)
                })
        else { return ([], []) }
        _ = bench.discardLater(root)
        guard
            let newborn = bench.expect(
                group, "generate an AES-256 key, sensitive and extractable",
                { session in
                    try session.generateKey(.aesKeyGen, KeyTemplates.newbornSecret(.aes, byteCount: 32))
                })
        else { return ([], []) }
        _ = bench.discardLater(newborn)
        var proven: [ProvenWrapping] = []
        var working: [ProvenWrapping] = []
        for candidate in candidates {
            let finding = examine(candidate, root: root, newborn: newborn, &bench)
            if finding != .fails { working.append(candidate) }
            if finding == .isProven { proven.append(candidate) }
        }
        if let best = proven.first {
            bench.note(group, "chosen", .passed("\(best.standard.rawValue) by \(best.mechanism.type)"), true)
        } else {
            let why =
                working.isEmpty ? "none of AES-KWP and AES-KW works" : "each that works also does what it has to refuse"
            bench.note(group, "a way of wrapping", .failed(why), true)
        }
        return (proven, working)
    }

    private enum Finding {
        case fails
        /// It returns the original key, but does not refuse everything that it must.
        case works
        case isProven
    }

    private static func examine(
        _ candidate: ProvenWrapping, root: ObjectHandle, newborn: ObjectHandle, _ bench: inout ProbeRun
    ) -> Finding {
        let group = "wrapping"
        let name = "\(candidate.standard.rawValue) by \(candidate.mechanism.type)"
        let blob = bench.expect(
            group, "\(name): wrap", isRequired: false,
            { session in
                let blob = try session.wrapKey(newborn, with: root, candidate.mechanism)
                // RFC 3394 and RFC 5649 both make 40 bytes of 32.
                guard blob.count == 40 else { throw ProbeFinding("makes \(blob.count) bytes of 32, not 40") }
                return blob
            })
        guard let blob else { return .fails }
        let unwrapped = bench.expect(
            group, "\(name): unwrap as not extractable", isRequired: false,
            { session in
                try session.unwrapKey(
                    blob, with: root, candidate.mechanism, KeyTemplates.unwrapped(.aes256GCM96, for: .encryptDecrypt))
            })
        guard let unwrapped else { return .fails }
        _ = bench.discardLater(unwrapped)
        // The same key wraps to the same blob, but must no longer be wrappable.
        bench.expectRefusal(group, "\(name): wrap the unwrapped key again", isRequired: false) {
            (session) throws(PKCS11Error) in
            _ = try session.wrapKey(unwrapped, with: root, candidate.mechanism)
        }
        bench.expectRefusal(group, "\(name): unwrap a tampered blob", isRequired: false) {
            (session) throws(PKCS11Error) in
            var tampered = blob
            tampered[20] ^= 1
            try session.destroyObject(
                session.unwrapKey(
                    tampered, with: root, candidate.mechanism,
                    KeyTemplates.unwrapped(.aes256GCM96, for: .encryptDecrypt)))
        }
        return bench.lines.suffix(2).allSatisfy(\.outcome.isGood) ? .isProven : .works
    }
}
