/// The effects of a change beyond the changed records: a part of the answer to a dry run.
package struct ChangeImpact: Sendable {
    /// The existing versions whose state or usability would change. A new version is in the answer itself.
    package let versions: [VersionImpact]
    /// True if the change needs an approval that the request does not name.
    package let needsApproval: Bool
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
    /// Returns the effects of an edit. If the key as a whole goes out of use, its newest 100 versions are included.
    func impact(of edit: KeyEdit, for operation: OperationContext) async throws(KMSError) -> ChangeImpact {
        var versions: [VersionImpact] = []
        for (number, before, after) in edit.moves {
            let stops = StateTable.Use.allCases.filter {
                edit.original.permits($0, in: before) && !edit.key.permits($0, in: after)
            }
            versions.append(
                VersionImpact(
                    number: number, before: before, after: after, stops: stops,
                    usage: try await usage(of: VersionID(key: edit.key.id, number: number))))
        }
        return ChangeImpact(versions: versions, needsApproval: operation.isApprovalMissing)
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

extension KeyEdit {
    /// The existing versions that the change concerns, with their states before and after.
    fileprivate var moves: [(number: VersionNumber, before: VersionState, after: VersionState)] {
        guard updated.isEmpty else {
            return updated.map { version in
                (version.id.number, original.versions[version.id.number]?.state ?? version.state, version.state)
            }
        }
        guard original.availability == .enabled, key.availability != .enabled else { return [] }
        return key.versions.newest(100).map { ($0.number, $0.entry.state, $0.entry.state) }
    }
}

extension KeyRecord {
    /// Returns true if a version of this key can be used in a state.
    fileprivate func permits(_ use: StateTable.Use, in state: VersionState) -> Bool {
        availability == .enabled && StateTable.permits(use, in: state)
    }
}

extension OperationContext {
    /// Requires that no key or alias of the project has a name. The store requires the same when a change is committed, which a
    /// dry run does not reach.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``
    func requireFree(_ name: KeyName) async throws(KMSError) {
        guard let project, try await records.resolve(.name(name), in: project) != nil else { return }
        throw .keyNameTaken(name)
    }
}
