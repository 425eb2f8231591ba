internal import Logging

extension KeyService {
    /// Deletes an alias. The key remains.
    package func deleteAlias(_ name: KeyName, by caller: Caller) async throws(KMSError) {
        try await withAudit(.changeAlias, by: caller) { (operation) throws(KMSError) in
            guard let alias = try await verifiedAlias(name, in: caller.project) else { throw .aliasNotFound(name) }
            let operation = operation.narrowed(to: .deleteAlias)
            do throws(KMSError) {
                _ = try await operation.find(.id(alias.key), with: .none)
            } catch {
                if case .keyNotFound = error { throw .aliasNotFound(name) }
                throw error
            }
            let outcome = try await operation.remove(alias, announcing: .init(alias, isDeleted: true)) {
                (state) throws(StoreError) in
                try await operation.store.deleteAlias(name, in: caller.project, revision: alias.revision, state: state)
            }
            try outcome.orThrow()
            logger.info(
                "alias \(name) deleted",
                metadata: ["key": "\(alias.key)", "subject": "\(caller.subject)", "request": "\(caller.requestID)"])
        }
    }
}
