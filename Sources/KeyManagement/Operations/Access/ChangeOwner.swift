extension KeyService {
    /// Transfers a key to another owner. Requires the platform administrator role; it gives the administrator no use of the
    /// key.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if the new owner has no role in the key's project.
    package func changeOwner(
        of reference: KeyReference, to owner: SubjectID, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(.changeOwner, changing: reference, "key owner changed", options, by: caller) {
            (key) throws(KMSError) in
            guard let profile = try await records.profile(of: owner) else { throw .subjectNotFound(owner) }
            guard profile.roles[caller.project] != nil else {
                throw .stateForbids("\(owner) has no role in project \(caller.project), so cannot own a key of it")
            }
            try await key.operation.requireApproval(of: .changeOwner(of: key.id, to: owner))
            return try await key.change(options: options) { (edit) throws(KMSError) in
                key.operation.recorder.note { $0.details["owner"] = "\(edit.key.owner?.text ?? "nobody") to \(owner)" }
                try edit.setOwner(owner)
                return .store
            }
        }
    }
}
