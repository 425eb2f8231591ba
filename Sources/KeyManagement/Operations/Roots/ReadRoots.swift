/// The status of a root epoch, in the token and in the store.
package struct RootStatus: Hashable, Sendable {
    package let epoch: RootEpoch
    /// True if new keys are wrapped under this epoch.
    package let isLatest: Bool
    package let isInToken: Bool
    /// The store's record of the epoch; `nil` if the service has not seen it yet.
    package let record: RootRecord?
    /// The number of records under the epoch.
    package let use: EpochUse
}

extension KeyService {
    /// Returns all present and past root epochs, in order.
    package func roots(by principal: Principal) async throws(KMSError) -> [RootStatus] {
        try await withAudit(.readRoots, by: principal) { (_) throws(KMSError) in try await rootStatuses() }
    }

    func rootStatuses() async throws(KMSError) -> [RootStatus] {
        let identity = try await tokenInformation.readIdentity()
        let uses = try await atStore { () throws(StoreError) in try await reader.epochUses() }
        let stored = try await records.read { () throws(StoreError) in
            try await reader.documents(.root, of: nil, after: nil, limit: 10_000)
        }
        let known: [RootRecord] = try await records.verified(stored)
        let recordsByEpoch = Dictionary(known.map { ($0.epoch, $0) }) { first, _ in first }
        return Set(identity.checkValues.keys).union(uses.keys).union(recordsByEpoch.keys).sorted().map { epoch in
            RootStatus(
                epoch: epoch, isLatest: epoch == identity.epoch, isInToken: identity.checkValues[epoch] != nil,
                record: recordsByEpoch[epoch], use: uses[epoch] ?? EpochUse())
        }
    }

    /// Returns the numbers of records under epochs before this one, the earliest epoch first.
    func usesBefore(_ epoch: RootEpoch) async throws(KMSError) -> [(epoch: RootEpoch, use: EpochUse)] {
        try await atStore { () throws(StoreError) in try await reader.epochUses() }
            .filter { $0.key < epoch }.sorted { $0.key < $1.key }.map { (epoch: $0.key, use: $0.value) }
    }
}
