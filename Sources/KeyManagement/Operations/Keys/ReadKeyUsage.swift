extension KeyService {
    /// Returns who used a key in the last 90 days and with which verbs, the latest use first and at most 1,000 of them.
    package func readKeyUsage(of reference: KeyReference, by caller: Caller) async throws(KMSError) -> [KeyUse] {
        try await withAudit(.readKeyUsage, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: .none)
            return try await meters.uses(of: key.id, limit: 1000)
        }
    }
}
