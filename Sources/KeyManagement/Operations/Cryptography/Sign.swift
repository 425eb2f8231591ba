import LibCrypto

/// A signature, the version that made it, and its algorithm.
package struct Signed: Sendable, Hashable {
    package let signature: [UInt8]
    package let version: VersionID
    package let algorithm: SignatureAlgorithm
}

extension KeyService {
    /// Signs with the private key of the key's active version, in the token.
    ///
    /// - Parameters:
    ///   - input: the message or its digest.
    ///   - reference: the key, by id, name or alias.
    ///   - algorithm: `nil` for the first that the key supports: PSS with SHA-256 for RSA.
    ///   - form: the encoding of an ECDSA signature.
    ///   - caller: the caller, with the project of the request.
    package func sign(
        _ input: SigningInput, with reference: KeyReference, algorithm: SignatureAlgorithm? = nil,
        form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> Signed {
        try await withAudit(.sign, by: caller) { (operation) throws(KMSError) in
            try await sign([input], with: try await operation.find(reference), algorithm, form).only().get()
        }
    }

    /// Signs up to 1,000 messages or digests.
    package func sign(
        batch inputs: [SigningInput], with reference: KeyReference, algorithm: SignatureAlgorithm? = nil,
        form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Signed>] {
        try await withAudit(.sign, by: caller) { (operation) throws(KMSError) in
            try Batch.check(inputs.count)
            let key = try await operation.find(reference, count: inputs.count)
            return try await sign(inputs, with: key, algorithm, form)
        }
    }

    private func sign(
        _ inputs: [SigningInput], with key: AuthorizedKey, _ algorithm: SignatureAlgorithm?, _ form: SignatureForm
    ) async throws(KMSError) -> [ItemResult<Signed>] {
        let version = try key.usableVersion(to: .produce, usage: .signVerify)
        let algorithm = try Self.algorithm(algorithm, for: version.algorithm)
        let prepared = inputs.map { input in
            Result { () throws(KMSError) in (key: version, item: try input.octets(for: algorithm)) }
        }
        return await Batch.run(prepared, for: key.operation) { (octets, key) throws(KMSError) in
            let signatures = try await key.sign(octets, by: algorithm)
            meters.note(produced: UInt64(octets.count), of: key.id, at: clock.now)
            return signatures.map { raw in
                Result { () throws(KMSError) in
                    let signature = try Self.written(raw, in: form, by: algorithm)
                    return Signed(signature: signature, version: key.id, algorithm: algorithm)
                }
            }
        }
    }

    /// Returns the signature algorithm to use.
    ///
    /// - Throws: ``KMSError/usageForbids(_:)`` if keys of this algorithm do not support the wanted one.
    static func algorithm(
        _ wanted: SignatureAlgorithm?, for algorithm: KeyAlgorithm
    ) throws(KMSError) -> SignatureAlgorithm {
        let allowed = SignatureAlgorithm.allowed(for: algorithm)
        guard let choice = wanted ?? allowed.first, allowed.contains(choice) else {
            let names = allowed.map(\.rawValue).joined(separator: ", ")
            throw .usageForbids("keys of \(algorithm.rawValue) sign with \(names.isEmpty ? "nothing" : names)")
        }
        return choice
    }

    private static func written(
        _ raw: [UInt8], in form: SignatureForm, by algorithm: SignatureAlgorithm
    ) throws(KMSError) -> [UInt8] {
        guard case .ecdsa = algorithm.libCrypto, form == .der else { return raw }
        guard let der = ECDSASignature.der(fromRaw: raw) else {
            throw .internalFailure("the token made a signature of \(raw.count) bytes")
        }
        return der
    }
}
