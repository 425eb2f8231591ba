/// A signature to verify.
package struct VerifyItem: Sendable {
    package let input: SigningInput
    package let signature: [UInt8]

    package init(input: SigningInput, signature: [UInt8]) {
        self.input = input
        self.signature = signature
    }
}

/// The validity of a signature or a MAC, and the version that was used to verify it.
package struct Verified: Sendable, Hashable {
    package let isValid: Bool
    package let version: VersionID
}

extension KeyService {
    /// Verifies a signature with the public key of a version. No token is needed.
    ///
    /// - Parameters:
    ///   - item: the input and its signature.
    ///   - reference: the key, by id, name or alias.
    ///   - number: the version that signed; `nil` for the active one.
    ///   - algorithm: the algorithm that signed; `nil` for the first that the key supports.
    ///   - form: the encoding of an ECDSA signature.
    ///   - caller: the caller, with the project of the request.
    package func verify(
        _ item: VerifyItem, with reference: KeyReference, version number: VersionNumber? = nil,
        algorithm: SignatureAlgorithm? = nil, form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> Verified {
        try await withAudit(.verify, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: VersionChoice(number))
            return try await verify([item], with: key, algorithm, form).only().get()
        }
    }

    /// Verifies up to 1,000 signatures.
    package func verify(
        batch items: [VerifyItem], with reference: KeyReference, version number: VersionNumber? = nil,
        algorithm: SignatureAlgorithm? = nil, form: SignatureForm = .der, by caller: Caller
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        try await withAudit(.verify, by: caller) { (operation) throws(KMSError) in
            try Batch.check(items.count)
            let key = try await operation.find(reference, with: VersionChoice(number), count: items.count)
            return try await verify(items, with: key, algorithm, form)
        }
    }

    private func verify(
        _ items: [VerifyItem], with authorized: AuthorizedKey, _ algorithm: SignatureAlgorithm?, _ form: SignatureForm
    ) async throws(KMSError) -> [ItemResult<Verified>] {
        let version = try authorized.versionToProcess(usage: .signVerify)
        let algorithm = try Self.algorithm(algorithm, for: version.algorithm)
        let key = try await publicKeys.key(of: version)
        meters.note(consumed: UInt64(items.count), of: version.id, at: clock.now)
        let results = await publicKeys.verify(items, with: key, of: version, algorithm, form)
        // An invalid signature is an answer, too.
        let answered = results.count { (try? $0.get()) != nil }
        authorized.operation.recorder.count(version.id, succeeded: answered, failed: results.count - answered)
        return results
    }
}
