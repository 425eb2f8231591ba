internal import KeyManagement
internal import LibCrypto
internal import PKCS11

/// Imports key material: unwraps it in the token, verifies that it is what it claims to be, and wraps it under the root.
/// Intermediate objects are destroyed on every path.
struct KeyImporter: Sendable {
    let root: ObjectHandle
    let wrapping: Mechanism
    let material: ImportMaterial
    let job: ImportJob

    /// An imported key; the token no longer holds it.
    struct Imported: Sendable {
        let blob: [UInt8]
        let publicKey: [UInt8]?
        let checkValue: CheckValue?
    }

    /// - Returns: nil if the material is not what it claims to be.
    func run(
        jobRoot: ObjectHandle, _ jobMechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) -> Imported? {
        let pair: ObjectHandle
        do throws(PKCS11Error) {
            pair = try session.unwrapKey(job.wrapped.blob, with: jobRoot, jobMechanism, KeyTemplates.importKey)
        } catch {
            // The job's own blob is sealed, so a failure to unwrap it is not the fault of the material.
            throw .malformedAnswer(from: .unwrapKey, "the key of \(job.sealedName) does not unwrap: \(error)")
        }
        let incoming = try KeyMaker.consuming(pair, on: session) { (session) throws(PKCS11Error) in
            try unwrap(under: pair, in: session)
        }
        guard let incoming else { return nil }
        return try KeyMaker.consuming(incoming, on: session) { (session) throws(PKCS11Error) in
            let publicKey = try publicHalf(of: incoming, in: session)
            let before = try checkValue(of: incoming, in: session)
            guard before != nil || material.algorithm.isAsymmetric else { return nil }
            let blob = try session.wrapKey(incoming, with: root, wrapping)
            guard hasRightLength(blob), let imported = try prove(blob, publicKey, in: session) else { return nil }
            return imported.checkValue == before ? imported : nil
        }
    }

    /// Unwraps the material into an object that can only be wrapped. Returns nil if the material is too short, or cannot be
    /// imported by the method.
    private func unwrap(under pair: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> ObjectHandle? {
        let hash = job.method.hash.pkcs11
        let oaep = Mechanism.rsaOAEP(hash: hash, mgf: hash)
        let template = KeyTemplates.incoming(material.algorithm)
        guard case .rsa(let bits) = job.wrappingAlgorithm.family else { return nil }
        let length = bits / 8
        guard job.method.hasTwoSteps else {
            // No RSA key is short enough for one step.
            if case .rsa = material.algorithm.family { return nil }
            guard material.wrapped.count == length else { return nil }
            return try session.unwrapKey(
                material.wrapped[...], of: material.algorithm, broughtPublicKey, with: pair, oaep, template)
        }
        // RFC 5649 output has at least 16 bytes.
        guard material.wrapped.count >= length + 16 else { return nil }
        let step = try session.unwrapKey(material.wrapped.prefix(length), with: pair, oaep, KeyTemplates.importStep)
        return try KeyMaker.consuming(step, on: session) { (session) throws(PKCS11Error) in
            try session.unwrapKey(
                material.wrapped.dropFirst(length), of: material.algorithm, broughtPublicKey, with: step, wrapping,
                template)
        }
    }

    /// Returns the check value of an imported secret; `nil` if the key does not work, for example because of a wrong length. The
    /// value must be the same after wrapping, because SoftHSM pads what it wraps to a multiple of 8 bytes.
    private func checkValue(of key: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> CheckValue? {
        do throws(PKCS11Error) {
            return try KeyProof.checkValue(of: key, material.algorithm, in: session)
        } catch {
            switch TokenError(error) {
            case .unavailable, .busy: throw error
            case .rejected, .unwrapFailed, .unsupported, .failed: return nil
            }
        }
    }

    /// Returns true if the length of a wrapped secret is right: both wrapping mechanisms add 8 bytes. The length is not read from
    /// the unwrapped object, because SoftHSM gives it no `CKA_VALUE_LEN`.
    private func hasRightLength(_ blob: [UInt8]) -> Bool {
        switch material.algorithm.family {
        case .aes: blob.count == 32 + 8
        // RFC 5649 pads to a whole block.
        case .hmac(let hash): blob.count == (hash.byteCount + 7) / 8 * 8 + 8
        case .rsa, .ec, .ed25519: true
        }
    }

    /// Returns the public half of a key. RSA keys contain it; keys on a curve are imported together with it.
    private func publicHalf(of key: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> PublicKey? {
        switch material.algorithm.family {
        case .aes, .hmac: nil
        case .rsa: try? PublicKeyReader.read(material.algorithm, from: key, in: session)
        case .ec(let curve): broughtPublicKey.flatMap { $0.kind == .ec(curve.libCrypto) ? $0 : nil }
        case .ed25519: broughtPublicKey.flatMap { $0.kind == .ed25519 ? $0 : nil }
        }
    }

    /// Finds the public half of a key that was imported without one, from a signature that the key makes in the token. The result
    /// is verified like a supplied public key. Returns nil for keys that make no ECDSA signatures.
    ///
    /// A key for key agreement is unwrapped once more for this one signature, which proves possession (NIST SP 800-56A
    /// §5.6.2.2.3).
    private func foundPublicHalf(
        of key: ObjectHandle, _ blob: [UInt8], in session: borrowing Session
    ) throws(PKCS11Error) -> PublicKey? {
        guard material.usage != .keyAgreement else {
            let signer = try session.unwrapKey(
                blob, of: material.algorithm, with: root, wrapping,
                KeyTemplates.unwrapped(material.algorithm, for: .signVerify))
            return try KeyMaker.consuming(signer, on: session) { (session) throws(PKCS11Error) in
                try foundPublicHalf(of: signer, in: session)
            }
        }
        return try foundPublicHalf(of: key, in: session)
    }

    private func foundPublicHalf(of key: ObjectHandle, in session: borrowing Session) throws(PKCS11Error) -> PublicKey?
    {
        guard material.publicKey == nil, case .ec(let curve) = material.algorithm.family,
            let scheme = SignatureAlgorithm.allowed(for: material.algorithm).first, let hash = scheme.hash
        else { return nil }
        let digest = hash.libCrypto.digest(of: Array("hsm-kms/public-half/1".utf8))
        let raw: [UInt8]
        do throws(PKCS11Error) {
            raw = try KeyUse.sign(digest, by: scheme, with: key, of: material.algorithm, in: session)
        } catch {
            // A key on another curve makes signatures of another length.
            guard case .malformedAnswer = error else { throw error }
            return nil
        }
        let candidates = (try? PublicKey.recovered(from: raw, over: digest, curve: curve.libCrypto)) ?? []
        for candidate in candidates {
            let isIts = try KeyProof.signs(key, candidate, scheme, material.algorithm, in: session)
            if isIts { return candidate }
        }
        return nil
    }

    /// The public half as its owner supplied it, not yet verified.
    private var broughtPublicKey: PublicKey? { try? PublicKey(der: material.publicKey?.der ?? []) }

    /// Unwraps the key as it will be used, and verifies that it is the one it claims to be.
    private func prove(
        _ blob: [UInt8], _ publicKey: PublicKey?, in session: borrowing Session
    ) throws(PKCS11Error) -> Imported? {
        let template = KeyTemplates.unwrapped(material.algorithm, for: material.usage)
        let key = try session.unwrapKey(blob, of: material.algorithm, publicKey, with: root, wrapping, template)
        return try KeyMaker.consuming(key, on: session) { (session) throws(PKCS11Error) in
            guard material.algorithm.isAsymmetric else {
                let value = try KeyProof.checkValue(of: key, material.algorithm, in: session)
                return Imported(blob: blob, publicKey: nil, checkValue: value)
            }
            var known = publicKey
            if known == nil { known = try foundPublicHalf(of: key, blob, in: session) }
            guard let publicKey = known,
                try KeyProof.isPair(key, publicKey, material.algorithm, material.usage, in: session)
            else { return nil }
            return Imported(blob: blob, publicKey: publicKey.der, checkValue: nil)
        }
    }
}

extension PKCS11Error {
    /// True if an import failed because of the supplied material. A lost session or device is not the material's fault.
    var isMaterialsFault: Bool {
        guard case .returned(_, from: let function) = self else { return false }
        switch TokenError(self) {
        case .unavailable, .busy: return false
        case .rejected, .unwrapFailed, .unsupported, .failed: return function == .unwrapKey || function == .sign
        }
    }
}
