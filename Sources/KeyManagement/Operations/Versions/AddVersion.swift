extension KeyService {
    /// Creates a new version if `isWanted` is true for the authorised key, and still true when the change is made.
    ///
    /// - Returns: `nil` if the version is not wanted.
    func addVersionIfWanted(
        to key: AuthorizedKey, because cause: VersionCause = .request, options: ChangeOptions = .plain,
        isWanted: (KeyRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> ChangeOutcome? {
        let current = key.record
        // Check before the token is used, and again when the change is made.
        guard try isWanted(current) else { return nil }
        guard current.origin == .generated else {
            throw .stateForbids("key '\(current.name)' has imported material; import material for the next version")
        }
        try Self.requireRoom(for: current)
        let new = try await key.operation.generateMaterial(current.algorithm, for: current.usage, of: key.id)
        return try await key.change(options: options) { (edit) throws(KMSError) in
            guard try isWanted(edit.key) else { return .leave }
            try edit.add(new, for: cause, note: options.note)
            return .store
        }
    }

    /// Requires that a version can be added, so that no key pair is generated for nothing.
    private static func requireRoom(for key: KeyRecord) throws(KMSError) {
        guard key.availability != .pendingDeletion else { throw .keyPendingDeletion(key.name) }
        guard key.state != .destroyed else {
            throw .stateForbids("all versions of key '\(key.name)' are destroyed")
        }
    }
}
