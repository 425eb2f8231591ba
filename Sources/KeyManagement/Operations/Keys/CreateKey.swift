/// The properties of a new key.
package struct CreateKeyRequest: Sendable {
    /// The name; `nil` for `key-` and the key's id.
    package var name: KeyName?
    package var description: KeyDescription
    package var tags: KeyTags
    package var algorithm: KeyAlgorithm
    /// The usage; `nil` for the first one of the algorithm.
    package var usage: KeyUsage?
    /// The rotation period; `nil` for a key without automatic rotation.
    package var rotation: RotationPeriod?
    /// The origin. An imported key begins in pre-activation, and gets its first version with the first material.
    package var origin: KeyOrigin
    /// True if the key stays in pre-activation, without a version and without cryptography.
    package var staysInPreActivation: Bool
    /// The key policy; `nil` for a key that everyone with the role may use.
    package var policy: KeyPolicy?

    package init(
        name: KeyName?, description: KeyDescription = .none, tags: KeyTags = .none,
        algorithm: KeyAlgorithm = .aes256GCM96, usage: KeyUsage? = nil, rotation: RotationPeriod? = nil,
        origin: KeyOrigin = .generated, staysInPreActivation: Bool = false, policy: KeyPolicy? = nil
    ) {
        self.name = name
        self.description = description
        self.tags = tags
        self.algorithm = algorithm
        self.usage = usage
        self.rotation = rotation
        self.origin = origin
        self.staysInPreActivation = staysInPreActivation
        self.policy = policy
    }

    /// Returns the usage that the key will have.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` for a usage that the algorithm does not support.
    func effectiveUsage() throws(KMSError) -> KeyUsage {
        guard let usage else { return algorithm.usages[0] }
        guard algorithm.usages.contains(usage) else {
            let allowed = algorithm.usages.map(\.rawValue).joined(separator: " or ")
            throw .invalidRequest("keys of \(algorithm.rawValue) are for \(allowed), not for \(usage.rawValue)")
        }
        return usage
    }
}

extension KeyService {
    /// Creates a key and its first version, which is active. A key in pre-activation gets no version.
    ///
    /// When this returns, the key is on disk.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``, ``KMSError/unsupported(_:)`` if the token has not proved the algorithm.
    package func createKey(
        _ request: CreateKeyRequest, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.createKey, by: caller, isDryRun: options.isDryRun) { (operation) throws(KMSError) in
            try request.name?.requireUsers()
            let usage = try request.effectiveUsage()
            try requireSupport(of: request.algorithm, for: request.usage)
            guard request.rotation == nil || request.origin == .generated else {
                throw .invalidRequest(
                    "a key with imported material is not rotated automatically; import new material instead")
            }
            try await requireKnown(request.policy?.statements.flatMap(\.parties) ?? [])
            if let answer = try await firstAnswer(to: options.idempotency, of: caller) { return .repeated(answer) }
            let isEmpty = request.staysInPreActivation || request.origin == .imported
            let id = operation.isDryRun ? KeyID.unknown : KeyID()
            let new: NewMaterial? =
                isEmpty ? nil : try await operation.generateMaterial(request.algorithm, for: usage, of: id)
            let now = clock.now
            let named = try KeyName("key-\(id)")
            var key = KeyRecord(
                id: id, project: caller.project, name: request.name ?? named, description: request.description,
                tags: request.tags, algorithm: request.algorithm, usage: usage, origin: request.origin,
                owner: caller.subject, availability: .enabled, versions: .empty,
                rotation: request.rotation.map { RotationPolicy.schedule(every: $0, from: now) }, revision: 1,
                createdAt: now, changedAt: now)
            if let policy = request.policy { key.access = .policy(policy) }
            var versions: [VersionRecord] = []
            if let new { versions.append(try key.addFirstVersion(new, at: now)) }
            let changed = ChangedKey(key: key, version: versions.first)
            return try await operation.store(
                changed, versions, answer: options.idempotency?.stored(changed, for: caller, at: now), options: options)
        }
    }

    /// Requires that the token supports an algorithm, and key agreement if that is the usage.
    ///
    /// - Throws: ``KMSError/unsupported(_:)`` if the token has not proved the algorithm.
    func requireSupport(of algorithm: KeyAlgorithm, for usage: KeyUsage? = nil) throws(KMSError) {
        guard tokenInformation.algorithms.contains(algorithm) else {
            throw .unsupported("this token does not support \(algorithm.rawValue)")
        }
        guard usage != .keyAgreement || tokenInformation.agreementAlgorithms.contains(algorithm) else {
            throw .unsupported("this token does not support key agreement with \(algorithm.rawValue)")
        }
    }
}

extension OperationContext {
    /// Stores a new key, together with the answer to an idempotent request. A dry run checks the name instead.
    func store(
        _ changed: ChangedKey, _ versions: [VersionRecord], answer: IdempotentAnswer?, options: ChangeOptions
    ) async throws(KMSError) -> ChangeOutcome {
        guard !isDryRun else {
            try await requireFree(changed.key.name)
            return .planned(changed, ChangeImpact(versions: [], needsApproval: isApprovalMissing))
        }
        let caller = caller(in: changed.key.project)
        recorder.note(key: changed.key.id, version: changed.version?.id.number)
        let outcome = try await insert(changed.key, versions, answer: answer)
        if case .failure(let error) = outcome {
            // The same request was sent twice at the same time.
            if error == .repeated, let answer = try await service.firstAnswer(to: options.idempotency, of: caller) {
                return .repeated(answer)
            }
            throw KMSError(error, name: changed.key.name)
        }
        service.logChange("key created", of: changed.key, by: caller)
        return .changed(changed)
    }
}
