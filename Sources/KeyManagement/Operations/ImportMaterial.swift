internal import Logging

extension KeyService {
    /// Makes a key pair in the token under whose public half material can be brought, for a day.
    ///
    /// - Parameters:
    ///   - algorithm: of the pair: RSA with 2,048, 3,072 or 4,096 bits.
    ///   - method: how the material will be wrapped; nil for the best that the token can.
    public func createImportJob(
        _ algorithm: KeyAlgorithm = .rsa4096, method: ImportMethod? = nil, by caller: Caller
    ) async throws(KMSError) -> ImportJob {
        try await perform(.importKey, by: caller) { (act) throws(KMSError) in
            guard [.rsa2048, .rsa3072, .rsa4096].contains(algorithm) else {
                throw .invalidRequest(
                    "material is brought under RSA-2048, RSA-3072 or RSA-4096, not under \(algorithm.rawValue)")
            }
            try requireSupport(of: algorithm)
            let method = try supported(method)
            let pair = try await atToken { () throws(TokenError) in try await token.generateImportKey(algorithm) }
            guard let publicKey = pair.publicKey else {
                throw .internalFailure("the token made a key pair without a public half")
            }
            let now = clock.now
            let job = ImportJob(
                id: ImportJobID(), project: caller.project, subject: caller.subject, wrappingAlgorithm: algorithm,
                method: method, publicKey: publicKey, wrapped: pair.wrapped, createdAt: now,
                expiresAt: now.adding(rules.importJobLifetime))
            let sealedJob = try await sealed([job])[0]
            act.notes.note { $0.details["importJob"] = job.id.description }
            try await announce([.init(job)], by: act)
            try await atStore { () throws(StoreError) in try await store.insert(sealedJob) }
            act.notes.confirmChange()
            logger.info(
                "import job created",
                metadata: ["job": "\(job.id)", "subject": "\(caller.subject)", "request": "\(caller.requestID)"])
            return job
        }
    }

    /// An import job that has not expired.
    public func importJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) -> ImportJob {
        try await perform(.importKey, by: caller) { (act) throws(KMSError) in
            try await importJob(id, for: act)
        }
    }

    private func importJob(_ id: ImportJobID, for act: Act) async throws(KMSError) -> ImportJob {
        act.notes.note { $0.details["importJob"] = id.description }
        let stored = try await records.read { () throws(StoreError) in try await store.importJob(id) }
        guard let stored else { throw .importJobNotFound(id) }
        try await records.verify([records.claim(stored)])
        let job = stored.unverified
        guard job.id == id else { throw records.tampered(job.sealedName) }
        guard job.project == act.project, clock.now < job.expiresAt else { throw .importJobNotFound(id) }
        return job
    }

    /// Ends an import job before its time. Its private half is erased.
    public func deleteImportJob(_ id: ImportJobID, by caller: Caller) async throws(KMSError) {
        try await perform(.importKey, by: caller) { (act) throws(KMSError) in
            let job = try await importJob(id, for: act)
            try await announce([.init(job, isDeleted: true)], by: act)
            try await atStore { () throws(StoreError) in try await store.deleteImportJob(job.id) }
            act.notes.confirmChange()
        }
    }

    /// Makes a version of material that its owner brings; it becomes the default one. The material is unwrapped inside the token, and
    /// nowhere else.
    ///
    /// - Parameters:
    ///   - number: a version that was destroyed and gets its material back; nil for a new version.
    ///   - publicKey: the public half of a key on a curve.
    ///   - expiry: when the material of this version is erased again; `nil` when it stays. Material that expires may need approvals, as
    ///     a destruction does.
    ///   - activating: whether a version that gets its material back becomes the default one.
    /// - Throws: ``KMSError/materialRejected`` for whatever is wrong with the wrapping, ``KMSError/materialDiffers(_:)`` when it is
    ///   not what the version had, ``KMSError/stateForbids(_:)`` when the key has a version of the same material.
    public func importMaterial(
        _ wrapped: [UInt8], under jobID: ImportJobID, into reference: KeyReference,
        version number: VersionNumber? = nil,
        publicKey: PublicKeyInfo? = nil, expiresAt expiry: Timestamp? = nil, activating: Bool = false,
        options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await perform(.importKey, by: caller) { (act) throws(KMSError) in
            if let answer = try await firstAnswer(to: options.repeatable, of: caller) { return .repeated(answer) }
            let act = act.narrowed(to: .importKeyMaterial)
            let key = try await key(reference, for: act)
            guard key.origin == .imported else {
                throw .stateForbids("the versions of key '\(key.name)' are generated in the token")
            }
            if let expiry, expiry <= clock.now { throw .invalidRequest("the material would have expired already") }
            let job = try await importJob(jobID, for: act)
            if let expiry, !options.isDryRun {
                let parameters = [
                    "key": key.id.description, "version": number?.description ?? "new",
                    "expiresAt": expiry.description,
                ]
                try await requireApproval(
                    of: .destroy, parameters, in: caller.project, by: caller.principal, act.notes)
                act.notes.note { $0.details["expiresAt"] = expiry.description }
            }
            let material = ImportMaterial(
                algorithm: key.algorithm, usage: key.usage, wrapped: wrapped, publicKey: publicKey)
            let new = try await bring(material, under: job)
            if number == nil { try await requireUnknown(new, in: key) }
            let outcome = try await change(reference, version: number, for: act, options: options) {
                (edit) throws(KMSError) in
                if let version = edit.subject {
                    try edit.reimport(version, as: new, activating: activating, expiry: MaterialExpiry(expiry))
                } else {
                    try edit.add(new, for: .importing, note: options.note, expiry: MaterialExpiry(expiry))
                }
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome {
                logChange("material imported", of: changed.key, version: changed.version?.id.number, by: caller)
            }
            return outcome
        }
    }

    private func supported(_ method: ImportMethod?) throws(KMSError) -> ImportMethod {
        let best: [ImportMethod] = [.oaepSHA256AESKWP, .oaepSHA1AESKWP, .oaepSHA256, .oaepSHA1]
        let proved = best.filter { token.importMethods.contains($0) }
        guard let choice = method ?? proved.first else {
            throw .unsupported("this token has no way of importing keys")
        }
        guard proved.contains(choice) else {
            let names = proved.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("this token cannot import by \(choice.rawValue); it can by \(names)")
        }
        return choice
    }

    private func bring(_ material: ImportMaterial, under job: ImportJob) async throws(KMSError) -> NewKey {
        do throws(TokenError) {
            return try await token.importKey(material, under: job)
        } catch {
            throw error == .rejected ? .materialRejected : KMSError(error)
        }
    }

    /// The same material twice in one key would outlive the destruction of one of its versions.
    private func requireUnknown(_ new: NewKey, in key: KeyRecord) async throws(KMSError) {
        guard let checkValue = new.checkValue else { return }
        let stored = try await records.read { () throws(StoreError) in
            try await store.versions(of: key.id, with: checkValue)
        }
        try await records.verify(stored.map { records.claim($0) })
        guard let twin = stored.first?.unverified else { return }
        let hint = twin.state == .destroyed ? "; name the version to bring its material back" : ""
        throw .stateForbids("this is the material of version \(twin.id.number), which is \(twin.state.rawValue)\(hint)")
    }
}
