/// The effects of a change: the answer to a dry run.
package struct ChangeImpact: Sendable {
    /// The key as it would be.
    package let key: KeyRecord
    /// The versions whose state or usability would change.
    package let versions: [VersionImpact]
}

/// The effect of a change on one version, and the recent uses that it would affect.
package struct VersionImpact: Hashable, Sendable {
    package let number: VersionNumber
    package let before: VersionState
    package let after: VersionState
    /// The present uses of the version that would no longer be possible.
    package let stops: [StateTable.Use]
    /// The uses of the version in the last 90 days.
    package let usage: UsageSummary
}

extension KeyService {
    /// Returns the effects of an edit. If the key as a whole is concerned, the newest 100 versions are included.
    func impact(of edit: KeyEdit) async throws(KMSError) -> ChangeImpact {
        var before: [VersionNumber: VersionState] = [:]
        for version in [edit.active, edit.subject].compactMap(\.self) { before[version.id.number] = version.state }
        var pairs = edit.updated.map {
            (number: $0.id.number, before: before[$0.id.number] ?? $0.state, after: $0.state)
        }
        let isDisabled = edit.key.availability != .enabled
        if pairs.isEmpty, isDisabled {
            pairs = edit.key.versions.newest(100).map { (number: $0, before: $1.state, after: $1.state) }
        }
        var impacts: [VersionImpact] = []
        for pair in pairs {
            let stops = StateTable.Use.allCases.filter {
                StateTable.permits($0, in: pair.before) && (isDisabled || !StateTable.permits($0, in: pair.after))
            }
            impacts.append(
                VersionImpact(
                    number: pair.number, before: pair.before, after: pair.after, stops: stops,
                    usage: try await usage(of: VersionID(key: edit.key.id, number: pair.number))))
        }
        return ChangeImpact(key: edit.key, versions: impacts)
    }

    /// Returns the uses of a version in the last 90 days.
    ///
    /// Uses that this process has not stored yet are included; those of another process follow within a few seconds.
    func usage(of version: VersionID) async throws(KMSError) -> UsageSummary {
        await meters.flush()
        let since = clock.now.dayNumber - Int64(UsageSummary.days) + 1
        return try await atStore { () throws(StoreError) in try await reader.uses(of: version, since: since) }
    }
}
