extension KeyService {
    /// Requires the approvals of an operation on one key.
    ///
    /// An approval names the key by its id, so it is never valid for another key, even if names or aliases change.
    ///
    /// - Parameters:
    ///   - parameters: all other parameters of the operation.
    ///   - note: the reason that the caller gives; it is part of what is approved.
    func requireApproval(
        of guarded: GuardedOperation, on key: AuthorizedKey, _ parameters: [String: String],
        because note: ChangeNote? = nil
    ) async throws(KMSError) {
        var parameters = parameters
        parameters["key"] = key.id.description
        if let note {
            parameters["reason"] = note.reason.rawValue
            parameters["comment"] = note.comment.text
        }
        try await requireApproval(
            of: guarded, parameters, for: key.operation)
    }
}
