import LibCrypto

/// A signature to be verified.
public struct VerifyItem: Sendable {
    public let input: SigningInput
    public let signature: [UInt8]

    public init(input: SigningInput, signature: [UInt8]) {
        self.input = input
        self.signature = signature
    }
}

/// Whether a signature or a MAC is right, and which version was asked.
public struct Verified: Sendable, Hashable {
    public let isValid: Bool
    public let version: VersionID
}

extension KeyService {
    /// Verifies a signature with the public half of a version. No token is needed.
    ///
    /// - Parameter number: the version that signed; nil for the active one.
    public func verify(
        _ item: VerifyItem, with reference: KeyReference, version number: VersionNumber? = nil,
        algorithm: SignatureAlgorithm? = nil, form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> Verified {
        try await perform(.verify, by: caller) { (act) throws(KMSError) in
            let key = try await authorize(reference, with: VersionChoice(number), for: act)
            return try await verify([item], with: key, algorithm, form).only().get()
        }
    }

    /// Verifies up to 1,000 signatures.
    public func verify(
        batch items: [VerifyItem], with reference: KeyReference, version number: VersionNumber? = nil,
        algorithm: SignatureAlgorithm? = nil, form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        try await perform(.verify, by: caller) { (act) throws(KMSError) in
            try Batch.check(items.count)
            let key = try await authorize(reference, with: VersionChoice(number), count: items.count, for: act)
            return try await verify(items, with: key, algorithm, form)
        }
    }

    private func verify(
        _ items: [VerifyItem], with authorized: AuthorizedKey, _ algorithm: SignatureAlgorithm?, _ form: SignatureForm
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        let version = try versionToConsume(authorized, usage: .signVerify)
        let algorithm = try Self.algorithm(algorithm, for: version.algorithm)
        let key = try publicKeys.key(of: version)
        meters.note(consumed: UInt64(items.count), of: version.id, at: clock.now)
        let results: [ItemResult<Verified>] = items.map { item in
            Result { () throws(KMSError) in
                let octets = try item.input.octets(for: algorithm)
                let signature = Self.asDER(item.signature, form, algorithm, version.algorithm)
                let isValid: Bool
                if algorithm.hash == nil {
                    isValid = key.verify(item.signature, ofMessage: octets, scheme: algorithm.libCrypto)
                } else {
                    isValid = signature.map { key.verify($0, over: octets, scheme: algorithm.libCrypto) } ?? false
                }
                return Verified(isValid: isValid, version: version.id)
            }
        }
        // A signature that is not right is an answer, too.
        let answered = results.count { (try? $0.get()) != nil }
        authorized.act.notes.count(version.id, succeeded: answered, failed: results.count - answered)
        return results
    }

    /// The signature as the library takes it; nil when a raw one has not the curve's length.
    private static func asDER(
        _ signature: [UInt8], _ form: SignatureForm, _ algorithm: SignatureAlgorithm, _ key: KeyAlgorithm
    ) -> [UInt8]? {
        guard form == .raw, case .ec(let curve) = key.family else { return signature }
        guard signature.count == 2 * curve.coordinateByteCount else { return nil }
        return ECDSASignature.der(fromRaw: signature)
    }
}
