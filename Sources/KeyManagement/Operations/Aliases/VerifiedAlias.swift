extension KeyService {
    /// Returns true if the caller may perform the operation on the key behind an alias. Otherwise the alias is hidden as well.
    func isOpen(_ alias: AliasRecord, to operation: OperationContext) async throws(KMSError) -> Bool {
        do throws(KMSError) {
            _ = try await operation.find(.id(alias.key), with: .none)
            return true
        } catch {
            switch error {
            case .keyNotFound, .accessDenied: return false
            default: throw error
            }
        }
    }

    /// Returns an alias as it is in the store now, because a change is based on it.
    func verifiedAlias(_ name: KeyName, in project: ProjectID) async throws(KMSError) -> AliasRecord? {
        try await records.alias(name, in: project)
    }
}
