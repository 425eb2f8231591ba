/// What a change would do: the answer to a dry run.
public struct ChangeImpact: Sendable {
    /// The key as it would be.
    public let key: KeyRecord
    /// The versions whose state, or whose usability, would change.
    public let versions: [VersionImpact]
}

/// What a change would do to one version, and who would notice.
public struct VersionImpact: Hashable, Sendable {
    public let number: VersionNumber
    public let before: VersionState
    public let after: VersionState
    /// What the version is used for now, and could not be any more.
    public let stops: [StateTable.Use]
    /// What it was used for in the last 90 days.
    public let usage: UsageSummary
}

extension KeyService {
    /// What an edit would do. Where the key as a whole is concerned, the newest 100 versions are looked at.
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

    /// What a version was used for in the last 90 days. What this process has not stored yet is counted, too; what another has not
    /// stored yet comes within its next few seconds.
    func usage(of version: VersionID) async throws(KMSError) -> UsageSummary {
        await meters.flush()
        let since = clock.now.dayNumber - Int64(UsageSummary.days) + 1
        return try await atStore { () throws(StoreError) in try await store.uses(of: version, since: since) }
    }
}
