extension KeyService {
    /// A key as it is.
    ///
    /// - Parameters:
    ///   - action: what it is looked at for: policy and grants of the key are asked for that.
    ///   - context: of what is done then, for grants that ask for one.
    public func describeKey(
        _ reference: KeyReference, for action: KeyAction = .describeKey, context: EncryptionContext? = nil,
        by caller: Caller
    ) async throws(KMSError) -> KeyRecord {
        try await perform(.describeKey, by: caller) { (act) throws(KMSError) in
            try await authorize(reference, with: .none, for: act.narrowed(to: action, context: context)).record
        }
    }

    /// One version of a key.
    ///
    /// - Throws: ``KMSError/versionNotFound(_:)`` when the key never had it.
    public func describeVersion(
        _ number: VersionNumber, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> VersionRecord {
        try await perform(.describeKey, by: caller) { (act) throws(KMSError) in
            guard let version = try await authorize(reference, with: .number(number), for: act).version else {
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
