internal import KeyManagement
internal import PKCS11

/// Reads the attributes that a token reports of a key, and tries the operations that the token must refuse on it.
struct KeyExaminer: Sendable {
    /// The kind of key, which determines what counts as misuse.
    enum Kind: Sendable {
        case wrappingRoot, integrityRoot, auditKey
        case version(KeyAlgorithm, KeyUsage)
    }

    let kind: Kind
    let name: String
    /// The wrapping mechanisms that the token has proved.
    let wrappings: [TokenProbe.ProvenWrapping]

    static let attributes: [AttributeType] = [
        .token, .private, .sensitive, .alwaysSensitive, .extractable, .neverExtractable, .local, .modifiable, .copyable,
        .destroyable, .encrypt, .decrypt, .sign, .verify, .wrap, .unwrap, .derive, .wrapWithTrusted,
    ]

    /// - Parameters:
    ///   - key: the key to examine.
    ///   - checkValue: the key's check value, if it is known.
    ///   - findings: the violations of the rule for such keys.
    ///   - session: read-write, so that no refusal is due to the session.
    func run(
        _ key: ObjectHandle, checkValue: String?, findings: [String], in session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination {
        var told: [String: String] = [:]
        for attribute in Self.attributes {
            let value = try RootRule.told(attribute, of: key, in: session)
            told["\(attribute)"] = value.map { $0 ? "true" : "false" } ?? "not reported"
        }
        if let number = try? session.number(.keyGenMechanism, of: key) {
            let isKnown = number != UInt.max
            told["\(AttributeType.keyGenMechanism)"] = isKnown ? "\(MechanismType(rawValue: number))" : "none"
        }
        return KeyExamination(
            key: name, attributes: told, allowedMechanisms: mechanisms(of: key, in: session), checkValue: checkValue,
            trials: try trials(on: key, in: session), findings: findings)
    }

    private func mechanisms(of key: ObjectHandle, in session: borrowing Session) -> [String] {
        guard let bytes = try? session.bytes(.allowedMechanisms, of: key) else { return [] }
        let width = MemoryLayout<UInt>.size
        return stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { start in
            // In the machine's byte order, as PKCS #11 passes numbers.
            let number = bytes[start..<start + width].withUnsafeBytes { $0.loadUnaligned(as: UInt.self) }
            return "\(MechanismType(rawValue: number))"
        }
    }

    // MARK: What has to be refused

    private typealias Attempt = (ObjectHandle, borrowing Session) throws(PKCS11Error) -> Void

    private func trials(
        on key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> [KeyExamination.Trial] {
        var trials = [
            try trial("reveal its value", key, session) { (key, session) throws(PKCS11Error) in
                _ = try session.bytes(isPrivateKey ? privateValue : .value, of: key)
            },
            try trial("copy it as extractable", key, session) { (key, session) throws(PKCS11Error) in
                let copy = try session.copyObject(key, template: [.token(false), .extractable(true)])
                try session.destroyObject(copy)
            },
            try trial("make it extractable", key, session) { (key, session) throws(PKCS11Error) in
                try session.setAttributes(of: key, [.extractable(true)])
            },
            try trial("make it not sensitive", key, session) { (key, session) throws(PKCS11Error) in
                try session.setAttributes(of: key, [.sensitive(false)])
            },
        ]
        for way in wrappings {
            trials.append(
                try trial("wrap it by \(way.standard.rawValue)", key, session) {
                    (key, session) throws(PKCS11Error) in
                    try wrap(key, by: way.mechanism, in: session)
                })
        }
        return trials + (try misuses(of: key, in: session))
    }

    private var isPrivateKey: Bool {
        switch kind {
        case .auditKey: true
        case .version(let algorithm, _): algorithm.isAsymmetric
        case .wrappingRoot, .integrityRoot: false
        }
    }

    private var privateValue: AttributeType {
        if case .version(let algorithm, _) = kind, case .rsa = algorithm.family { .privateExponent } else { .value }
    }

    /// Tries operations that are outside the key's purpose.
    private func misuses(
        of key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> [KeyExamination.Trial] {
        switch kind {
        case .wrappingRoot:
            [try encrypting(key, session), try decrypting(key, session), try authenticating(key, session)]
        case .integrityRoot: [try encrypting(key, session), try decrypting(key, session), try wrapping(key, session)]
        case .auditKey: [try decryptingRSA(key, session)]
        case .version(let algorithm, let usage):
            switch algorithm.family {
            case .aes: [try wrapping(key, session), try unwrapping(key, session), try authenticating(key, session)]
            case .hmac: [try encrypting(key, session), try wrapping(key, session)]
            case .rsa where usage == .signVerify: [try decryptingRSA(key, session), try unwrapping(key, session)]
            case .rsa: [try signingRSA(key, session), try unwrapping(key, session)]
            case .ec where usage == .keyAgreement: [try decryptingRSA(key, session), try signingECDSA(key, session)]
            case .ec: [try decryptingRSA(key, session), try deriving(key, algorithm, session)]
            case .ed25519: [try decryptingRSA(key, session)]
            }
        }
    }

    private func encrypting(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("encrypt with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.encrypt([UInt8](repeating: 0, count: 16), with: key, Mechanism(.aesECB))
        }
    }

    private func decrypting(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("decrypt with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.decrypt([UInt8](repeating: 0, count: 16), with: key, Mechanism(.aesECB))
        }
    }

    private func authenticating(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("make a MAC with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.sign([1, 2, 3], with: key, .sha256HMAC)
        }
    }

    private func decryptingRSA(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("decrypt with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.decrypt([UInt8](repeating: 1, count: 256), with: key, .rsaX509)
        }
    }

    private func signingRSA(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("sign with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.sign([UInt8](repeating: 1, count: 32), with: key, .rsaPKCS)
        }
    }

    private func signingECDSA(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("sign with it", key, session) { (key, session) throws(PKCS11Error) in
            _ = try session.sign([UInt8](repeating: 1, count: 32), with: key, .ecdsa)
        }
    }

    private func deriving(
        _ key: ObjectHandle, _ algorithm: KeyAlgorithm, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("agree on a secret with it", key, session) { (key, session) throws(PKCS11Error) in
            // The other half of the pair is kept by no one, so the result reveals nothing if the agreement should succeed.
            guard case .pair(let mechanism, let ofPublic, let ofPrivate) = KeyGenerationSpec.version(algorithm) else {
                return
            }
            let pair = try session.generateKeyPair(mechanism, publicKey: ofPublic, privateKey: ofPrivate)
            let result = Result { () throws(PKCS11Error) in
                let other = try PublicKeyReader.read(algorithm, from: pair.publicKey, in: session)
                return try KeyUse.agree(with: other, by: key, of: algorithm, in: session)
            }
            try session.destroyObject(pair.privateKey)
            try session.destroyObject(pair.publicKey)
            _ = try result.get()
        }
    }

    private func wrapping(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("wrap another key with it", key, session) { (key, session) throws(PKCS11Error) in
            guard let way = wrappings.first else { return }
            let other = try session.generateKey(.aesKeyGen, KeyTemplates.newbornSecret(.aes, byteCount: 32))
            let result = Result { () throws(PKCS11Error) in try session.wrapKey(other, with: key, way.mechanism) }
            try session.destroyObject(other)
            _ = try result.get()
        }
    }

    private func unwrapping(
        _ key: ObjectHandle, _ session: borrowing Session
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        try trial("unwrap another key with it", key, session) { (key, session) throws(PKCS11Error) in
            guard let way = wrappings.first else { return }
            let mechanism = isPrivateKey ? Mechanism.rsaOAEP(hash: .sha1, mgf: .sha1) : way.mechanism
            let object = try session.unwrapKey(
                [UInt8](repeating: 0, count: isPrivateKey ? 256 : 40), with: key, mechanism, KeyTemplates.importStep)
            try session.destroyObject(object)
        }
    }

    private func wrap(
        _ key: ObjectHandle, by mechanism: Mechanism, in session: borrowing Session
    ) throws(PKCS11Error) {
        let own = try session.generateKey(.aesKeyGen, TokenProbe.throwawayRoot)
        // Only the refusal of the wrapping counts; the key is destroyed in any case.
        let result = Result { () throws(PKCS11Error) in try session.wrapKey(key, with: own, mechanism) }
        try session.destroyObject(own)
        _ = try result.get()
    }

    /// Runs an attempt. A failure because the token is lost proves nothing.
    private func trial(
        _ attempt: String, _ key: ObjectHandle, _ session: borrowing Session, _ body: Attempt
    ) throws(PKCS11Error) -> KeyExamination.Trial {
        let failure = failure(key, session, body)
        if let failure, failure.endsSession || failure.blamesHandle { throw failure }
        return KeyExamination.Trial(
            attempt: attempt, isRefused: failure != nil, code: failure?.code.map { "\($0)" })
    }

    private func failure(_ key: ObjectHandle, _ session: borrowing Session, _ body: Attempt) -> PKCS11Error? {
        do throws(PKCS11Error) {
            try body(key, session)
            return nil
        } catch {
            return error
        }
    }
}
