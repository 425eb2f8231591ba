internal import KeyManagement
internal import LibCrypto
internal import PKCS11

extension TokenProbe {
    /// The abilities of a token other than AES-GCM.
    struct Abilities {
        var algorithms: Set<KeyAlgorithm> = []
        var agreementAlgorithms: Set<KeyAlgorithm> = []
        var importMethods: Set<ImportMethod> = []
    }

    /// Returns the algorithms other than AES-GCM and RSA that a token can generate, wrap, unwrap and use. None is required.
    static func probeAlgorithms(wrapping: Mechanism, _ bench: inout ProbeRun) -> Abilities {
        var found = Abilities()
        guard let root = try? bench.session.session.generateKey(.aesKeyGen, throwawayRoot) else { return found }
        _ = bench.discardLater(root)
        let quick: [KeyAlgorithm] = [
            .hmacSHA224, .hmacSHA256, .hmacSHA384, .hmacSHA512, .ecP256, .ecP384, .ecP521, .ecSecp256k1, .ed25519,
        ]
        for algorithm in quick where prove(algorithm, under: root, by: wrapping, &bench) {
            found.algorithms.insert(algorithm)
            guard algorithm.usages.contains(.keyAgreement),
                proveAgreement(algorithm, under: root, by: wrapping, &bench)
            else { continue }
            found.agreementAlgorithms.insert(algorithm)
        }
        return found
    }

    /// The RSA abilities of a token, and the report lines about them.
    struct RSAAbilities {
        var algorithms: Set<KeyAlgorithm> = []
        var importMethods: Set<ImportMethod> = []
        var lines: [ProbeReport.Line] = []
    }

    /// Returns the RSA keys that a token can generate, wrap, unwrap and use, and the import methods. None is required.
    ///
    /// - Parameters:
    ///   - wrapping: the mechanism that wraps keys under the root.
    ///   - slot: the slot of the token.
    ///   - session: not used by any other thread meanwhile.
    static func probeRSA(wrapping: Mechanism, slot: Slot, on session: OwnedSession) -> RSAAbilities {
        var bench = ProbeRun(session: session)
        var found = RSAAbilities()
        guard let root = try? session.session.generateKey(.aesKeyGen, throwawayRoot) else { return found }
        _ = bench.discardLater(root)
        // One pair of the smallest size is made. The token's mechanism information tells whether larger ones are supported.
        if let (pair, isProven) = examineRSA(under: root, by: wrapping, &bench) {
            let methods = probeImport(pair, under: root, by: wrapping, &bench)
            if isProven {
                let largest = Int(clamping: (try? slot.mechanismInfo(.rsaPKCSKeyPairGen))?.maxKeySize ?? 2048)
                for algorithm in [KeyAlgorithm.rsa2048, .rsa3072, .rsa4096] {
                    guard case .rsa(let bits) = algorithm.family, bits <= largest else { continue }
                    found.algorithms.insert(algorithm)
                }
                found.importMethods = methods
            }
        }
        found.lines = bench.lines
        return found
    }

    /// Returns true if a key that was unwrapped for agreement derives shared secrets and does not sign.
    private static func proveAgreement(
        _ algorithm: KeyAlgorithm, under root: ObjectHandle, by wrapping: Mechanism, _ bench: inout ProbeRun
    ) -> Bool {
        let group = algorithm.rawValue
        let key = bench.expect(
            group, "unwrap to agree on a secret; it is the same outside", isRequired: false,
            { session in
                let made = try KeyMaker.generate(algorithm, under: root, by: wrapping, in: session)
                let key = try session.unwrapKey(
                    made.blob, of: algorithm, with: root, wrapping,
                    KeyTemplates.unwrapped(algorithm, for: .keyAgreement))
                guard let publicKey = made.publicKey,
                    try KeyProof.agrees(key, publicKey, algorithm, in: session)
                else { throw ProbeFinding("the secrets differ") }
                return key
            })
        guard let key else { return false }
        _ = bench.discardLater(key)
        bench.expectRefusal(group, "sign with a key that agrees on secrets", isRequired: false) {
            (session) throws(PKCS11Error) in
            _ = try session.sign([UInt8](repeating: 1, count: 32), with: key, .ecdsa)
        }
        return bench.lines.last.map(\.outcome.isGood) ?? false
    }

    /// Generates, wraps, unwraps and uses a key, and verifies that it cannot be wrapped again.
    private static func prove(
        _ algorithm: KeyAlgorithm, under root: ObjectHandle, by wrapping: Mechanism, _ bench: inout ProbeRun
    ) -> Bool {
        let group = algorithm.rawValue
        let made = bench.expect(
            group, "generate and wrap", isRequired: false,
            { session in try KeyMaker.generate(algorithm, under: root, by: wrapping, in: session) })
        guard let made else { return false }
        let key = bench.expect(
            group, "unwrap as not extractable", isRequired: false,
            { session in
                try session.unwrapKey(
                    made.blob, of: algorithm, with: root, wrapping,
                    KeyTemplates.unwrapped(algorithm, for: algorithm.usages[0]))
            })
        guard let key else { return false }
        _ = bench.discardLater(key)
        let isUsed: Void? = bench.expect(
            group, algorithm.isAsymmetric ? "sign; the public key verifies" : "make a code", isRequired: false,
            { session in try use(key, algorithm, made.publicKey, in: session) })
        bench.expectRefusal(group, "wrap the unwrapped key again", isRequired: false) {
            (session) throws(PKCS11Error) in _ = try session.wrapKey(key, with: root, wrapping)
        }
        return isUsed != nil && bench.lines.last.map(\.outcome.isGood) ?? false
    }

    private static func use(
        _ key: ObjectHandle, _ algorithm: KeyAlgorithm, _ publicKey: PublicKey?, in session: borrowing Session
    ) throws {
        guard let publicKey else {
            guard case .hmac(let hash) = algorithm.family else { throw ProbeFinding("no public key") }
            let code = try KeyUse.authenticate(Array("message".utf8), with: key, hash, in: session)
            guard try KeyUse.authenticate(Array("message".utf8), with: key, hash, in: session) == code,
                try KeyUse.authenticate(Array("messagE".utf8), with: key, hash, in: session) != code
            else { throw ProbeFinding("codes are not those of their messages") }
            return
        }
        for scheme in SignatureAlgorithm.allowed(for: algorithm) {
            guard try KeyProof.signs(key, publicKey, scheme, algorithm, in: session) else {
                throw ProbeFinding("a signature by \(scheme.rawValue) does not verify")
            }
        }
    }

    /// - Returns: the wrapped private key if all operations work, and true if the key also cannot be wrapped again.
    private static func examineRSA(
        under root: ObjectHandle, by wrapping: Mechanism, _ bench: inout ProbeRun
    ) -> (pair: KeyMaker.Made, isProven: Bool)? {
        let group = "RSA"
        let made = bench.expect(
            group, "generate 2048 bits and wrap", isRequired: false,
            { session in try KeyMaker.generate(.rsa2048, under: root, by: wrapping, in: session) })
        guard let made, let publicKey = made.publicKey else { return nil }
        let signer = bench.expect(
            group, "unwrap as not extractable, to sign; all ways verify", isRequired: false,
            { session in
                let key = try session.unwrapKey(
                    made.blob, with: root, wrapping, KeyTemplates.unwrapped(.rsa2048, for: .signVerify))
                try use(key, .rsa2048, publicKey, in: session)
                return key
            })
        let opener = bench.expect(
            group, "unwrap as not extractable, to decrypt; OAEP with SHA-256 and SHA-1", isRequired: false,
            { session in
                let key = try session.unwrapKey(
                    made.blob, with: root, wrapping, KeyTemplates.unwrapped(.rsa2048, for: .encryptDecrypt))
                for padding in AsymmetricEncryption.allCases {
                    guard try KeyProof.opens(key, publicKey, padding, 2048, in: session) else {
                        throw ProbeFinding("\(padding.rawValue) does not decrypt")
                    }
                }
                return key
            })
        guard let signer, let opener else { return nil }
        _ = (bench.discardLater(signer), bench.discardLater(opener))
        bench.expectRefusal(group, "wrap the unwrapped key again", isRequired: false) {
            (session) throws(PKCS11Error) in _ = try session.wrapKey(signer, with: root, wrapping)
        }
        return (made, bench.lines.last.map(\.outcome.isGood) ?? false)
    }

    /// Imports a known key by each method, and verifies that the token then holds it.
    private static func probeImport(
        _ pair: KeyMaker.Made, under root: ObjectHandle, by wrapping: Mechanism, _ bench: inout ProbeRun
    ) -> Set<ImportMethod> {
        guard let publicKey = pair.publicKey else { return [] }
        var methods: Set<ImportMethod> = []
        for method in ImportMethod.allCases {
            let isDone: Void? = bench.expect(
                "import", method.rawValue, isRequired: false,
                { session in
                    try ImportProof.run(
                        method, blob: pair.blob, publicKey: publicKey, root: root, wrapping, in: session)
                })
            if isDone != nil { methods.insert(method) }
        }
        return methods
    }
}
