extension KeyService {
    /// A key as it is.
    public func describeKey(_ reference: KeyReference, by caller: Caller) async throws(KMSError) -> KeyRecord {
        try await perform(.describeKey, by: caller) { (act) throws(KMSError) in
            try await key(reference, for: act)
        }
    }

    /// One version of a key.
    ///
    /// - Throws: ``KMSError/versionNotFound(_:)`` when the key never had it.
    public func describeVersion(
        _ number: VersionNumber, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> VersionRecord {
        try await perform(.describeKey, by: caller) { (act) throws(KMSError) in
            let key = try await key(reference, for: act)
            guard let version = try await records.key(key.id, with: .number(number))?.version else {
                throw .versionNotFound(number)
            }
            return version
        }
    }

    /// What a version was used for in the last 90 days.
    public func versionUsage(
        _ number: VersionNumber, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> UsageSummary {
        let version = try await describeVersion(number, of: reference, by: caller)
        return try await usage(of: version.id)
    }
}
