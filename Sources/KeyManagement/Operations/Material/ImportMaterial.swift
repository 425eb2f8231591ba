internal import Logging

extension KeyService {
    /// Creates a key pair in the token under whose public key material can be imported, for the configured lifetime.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm of the pair: RSA with 2,048, 3,072 or 4,096 bits.
    ///   - method: the wrapping method of the material; `nil` for the best that the token supports.
    public func createImportJob(
        _ algorithm: KeyAlgorithm = .rsa4096, method: ImportMethod? = nil, by caller: Caller
    ) async throws(KMSError) -> ImportJob {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            guard [.rsa2048, .rsa3072, .rsa4096].contains(algorithm) else {
                throw .invalidRequest(
                    "material is brought under RSA-2048, RSA-3072 or RSA-4096, not under \(algorithm.rawValue)")
            }
            try requireSupport(of: algorithm)
            let method = try supported(method)
            let pair = try await atToken { () throws(TokenError) in
                try await operation.token.generateImportKey(algorithm)
            }
            guard let publicKey = pair.publicKey else {
                throw .internalFailure("the token made a key pair without a public half")
            }
            let now = clock.now
            let job = ImportJob(
                id: ImportJobID(), project: caller.project, subject: caller.subject, wrappingAlgorithm: algorithm,
                method: method, publicKey: publicKey, wrapped: pair.wrapped, createdAt: now,
                expiresAt: now.adding(rules.importJobLifetime))
            operation.recorder.note { $0.details["importJob"] = job.id.description }
            let outcome = try await operation.save(job, announcing: .init(job)) {
                (job, state) throws(StoreError) in
                try await operation.store.insert(job, state: state)
            }
            try outcome.orThrow()
            logger.info(
                "import job created",
                metadata: ["job": "\(job.id)", "subject": "\(caller.subject)", "request": "\(caller.requestID)"])
            return job
        }
    }

    /// Returns an import job that has not expired.
    public func importJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) -> ImportJob {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            try await importJob(id, for: operation)
        }
    }

    private func importJob(_ id: ImportJobID, for operation: OperationContext) async throws(KMSError) -> ImportJob {
        operation.recorder.note { $0.details["importJob"] = id.description }
        let stored = try await records.newest { () throws(StoreError) in
            try await reader.importJob(id)
        } claims: { stored in
            [stored?.unverified.stateClaim ?? .absent(.importJob(id), "import job \(id)")]
        }
        guard let stored else { throw .importJobNotFound(id) }
        try await records.verify([records.claim(stored)])
        let job = stored.unverified
        guard job.id == id else { throw records.tampered(job.sealedName) }
        guard job.project == operation.project, clock.now < job.expiresAt else { throw .importJobNotFound(id) }
        return job
    }

    /// Deletes an import job before it expires. Its private key is erased.
    public func deleteImportJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) {
        try await withAudit(.importKey, by: caller) { (operation) throws(KMSError) in
            let job = try await importJob(id, for: operation)
            let outcome = try await operation.remove(job, announcing: .init(job, isDeleted: true)) {
                (state) throws(StoreError) in
                try await operation.store.deleteImportJob(job.id, state: state)
            }
            try outcome.orThrow()
        }
    }

    /// Creates a version from imported material, and makes it the default one. The material is unwrapped only inside the token.
    ///
    /// - Parameters:
    ///   - number: a destroyed version that gets its material back; `nil` for a new version.
    ///   - publicKey: the public key of a key on a curve.
    ///   - expiry: the time at which the material of this version is erased again; `nil` if never. Material that expires may
    ///     need approvals, as a destruction does.
    ///   - activating: true if a version that gets its material back becomes the default one.
    /// - Throws: ``KMSError/materialRejected`` for any defect of the wrapping; ``KMSError/materialDiffers(_:)`` if the material
    ///   is not that of the version; ``KMSError/stateForbids(_:)`` if the key has a version of the same material.
    public func importMaterial(
        _ wrapped: [UInt8], under jobID: ImportJobID, into reference: KeyReference,
        version number: VersionNumber? = nil,
        publicKey: PublicKeyInfo? = nil, expiresAt expiry: Timestamp? = nil, activating: Bool = false,
        options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(
            .importKey, changing: reference, as: [.importKeyMaterial], "material imported", options, by: caller
        ) { (key) throws(KMSError) in
            let record = key.record
            guard record.origin == .imported else {
                throw .stateForbids("the versions of key '\(record.name)' are generated in the token")
            }
            if let expiry, expiry <= clock.now { throw .invalidRequest("the material would have expired already") }
            let job = try await importJob(jobID, for: key.operation)
            if let expiry, !options.isDryRun {
                try await key.operation.requireApproval(
                    of: .importMaterial(into: key.id, version: number, expiresAt: expiry))
                key.operation.recorder.note { $0.details["expiresAt"] = expiry.description }
            }
            let material = ImportMaterial(
                algorithm: record.algorithm, usage: record.usage, wrapped: wrapped, publicKey: publicKey)
            let new = try await key.operation.importedMaterial(material, under: job, of: key.id)
            let checkValue = number == nil ? new.made.checkValue : nil
            return try await key.change(version: number, adding: checkValue, options: options) {
                (edit) throws(KMSError) in
                if let version = edit.subject {
                    try edit.reimport(version, as: new, activating: activating, expiry: MaterialExpiry(expiry))
                } else {
                    try edit.add(new, for: .importing, note: options.note, expiry: MaterialExpiry(expiry))
                }
                return .store
            }
        }
    }

    private func supported(_ method: ImportMethod?) throws(KMSError) -> ImportMethod {
        let best: [ImportMethod] = [.oaepSHA256AESKWP, .oaepSHA1AESKWP, .oaepSHA256, .oaepSHA1]
        let proved = best.filter { tokenInformation.importMethods.contains($0) }
        guard let choice = method ?? proved.first else {
            throw .unsupported("this token has no way of importing keys")
        }
        guard proved.contains(choice) else {
            let names = proved.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("this token cannot import by \(choice.rawValue); it can by \(names)")
        }
        return choice
    }

    /// Returns the newest version of a key that has this material; `nil` if none has.
    func version(of checkValue: CheckValue, in key: AuthorizedKey) async throws(KMSError) -> VersionRecord? {
        let stored = try await records.read { () throws(StoreError) in
            try await reader.versions(of: key.id, with: checkValue)
        }
        try await records.verify(stored.map { records.claim($0) })
        return try await records.newest(stored.map(\.unverified), of: key.id).first
    }
}
