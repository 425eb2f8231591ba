extension KeyService {
    /// Creates a version from imported material, and makes it the default one. The material is unwrapped only inside the token.
    ///
    /// - Parameters:
    ///   - wrapped: the material, wrapped under the job's public key.
    ///   - jobID: the import job.
    ///   - reference: the key, by id, name or alias.
    ///   - number: a destroyed version that gets its material back; `nil` for a new version.
    ///   - publicKey: the public key of a key on a curve.
    ///   - expiry: the time at which the material of this version is erased again; `nil` if never. Material that expires may need
    ///     approvals, as a destruction does.
    ///   - activating: true if a version that gets its material back becomes the default one.
    ///   - options: the reason, the dry run and the idempotency of the change.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/materialRejected`` for any defect of the wrapping; ``KMSError/materialDiffers(_:)`` if the material
    ///   is not that of the version; ``KMSError/stateForbids(_:)`` if the key has a version of the same material.
    package func importMaterial(
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
            if let expiry, expiry <= clock.now {
                throw .invalidRequest("the expiry date of the material is in the past")
            }
            let job = try await importJob(jobID, for: key.operation)
            if let expiry {
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

    /// Returns the newest version of a key that has this material; `nil` if none has.
    func version(of checkValue: CheckValue, in key: AuthorizedKey) async throws(KMSError) -> VersionRecord? {
        let stored = try await records.read { () throws(StoreError) in
            try await reader.versions(of: key.id, with: checkValue)
        }
        try await records.verify(stored.map { records.claim($0) })
        return try await records.newest(stored.map(\.unverified), of: key.id).first
    }
}
