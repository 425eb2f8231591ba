import AuditFiles
import FoundationEssentials
import KeyManagement

/// Holds the store against what the audit logs of this machine say of how new it is.
struct StoreWitness: Sendable {
    let service: KeyService
    let audit: AuditTrail
    /// The folder of the chain that commands of this machine write, beside the service's.
    let localDirectory: String
    /// Whether an operator takes the store as it is.
    let accepts: Bool

    /// Begins from the store as it is, and has the checkpoints of the audit chain say how new it is from now on.
    ///
    /// - Returns: how many shards of the state digest an operator's word has taken as they are.
    /// - Throws: ``Failure`` when a shard is older than an audit log has seen it, or another.
    @discardableResult
    func check() async throws -> Int {
        guard try await service.hasState() else {
            throw Failure(
                .store,
                "the store has no state digest: a version before 2 made it, or somebody removed it. To take the store over, stop the "
                    + "service, make a backup and run 'kms store adopt'")
        }
        let setBack = try await service.checkState(against: try await witness())
        if !setBack.isEmpty {
            guard accepts else {
                let list = setBack.prefix(5).map(\.finding).joined(separator: "; ")
                throw Failure(
                    .store,
                    "the store was set back: it is older than the audit log has seen it (\(list)). If a backup was restored, start once "
                        + "with --accept-older-store; otherwise somebody replaced records, or the store, by an older copy"
                )
            }
            try await service.acceptOlderState(setBack)
        }
        let service = service
        audit.witnessState { service.stateVector }
        // Else the next start would find the same again.
        if !setBack.isEmpty { _ = try await audit.checkpoint() }
        return setBack.count
    }

    private func witness() async throws -> StateVector {
        do throws(AuditOpenError) {
            let own = try await audit.stateWitness()
            guard FileManager.default.fileExists(atPath: localDirectory) else { return own }
            guard let local = try await AuditReader(directory: localDirectory).stateWitness() else { return own }
            return own.merged(with: local)
        } catch {
            guard accepts else { throw Failure(error) }
            return .empty
        }
    }
}
