internal import Logging

/// The status of a root epoch, in the token and in the store.
public struct RootStatus: Hashable, Sendable {
    public let epoch: RootEpoch
    /// True if new keys are wrapped under this epoch.
    public let isLatest: Bool
    public let isInToken: Bool
    /// The store's record of the epoch; `nil` if the service has not seen it yet.
    public let record: RootRecord?
    /// The number of records under the epoch.
    public let use: EpochUse
}

extension KeyService {
    /// Returns all present and past root epochs, in order.
    public func roots(by principal: Principal) async throws(KMSError) -> [RootStatus] {
        try await withAudit(.readRoots, by: principal) { (_) throws(KMSError) in try await rootStatuses() }
    }

    /// Makes the roots of the next epoch in the token. New records are under them at once; ``Rewrapper`` rewraps earlier
    /// records while the service continues.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` while records are left under an earlier epoch.
    public func rotateRoots(by principal: Principal) async throws(KMSError) -> [RootStatus] {
        try await withAudit(.rotateRoots, by: principal) { (operation) throws(KMSError) in
            let identity = try await tokenInformation.readIdentity()
            try await adopt(identity, for: operation)
            if let left = try await usesBefore(identity.epoch).first {
                throw .stateForbids(
                    "\(left.use.sealed) records are still under root epoch \(left.epoch); they are being rewrapped")
            }
            guard let next = identity.epoch.next else { throw .stateForbids("there is no root epoch left") }
            operation.recorder.note { $0.details["epoch"] = next.description }
            try await operation.requireApproval(of: .rotateRoots(to: next))
            let made = try await atToken { () throws(TokenError) in try await operation.token.makeRoots(next) }
            try await adopt(made, for: operation)
            logger.notice("roots made", metadata: ["epoch": "\(next)", "subject": "\(principal.subject)"])
            return try await rootStatuses()
        }
    }

    /// Records the roots that the token has: at the start, and if the service made some that it could not record.
    public func adoptRoots() async throws(KMSError) {
        let identity = try await tokenInformation.readIdentity()
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-rewrapper"), kind: .system))
        for (epoch, value) in identity.checkValues.sorted(by: { $0.key < $1.key }) {
            guard let known = try await records.directoryRecord(RootRecord.self, epoch.description) else {
                try await withAudit(.rewrapKeys, by: principal, details: ["epoch": epoch.description]) {
                    (operation) throws(KMSError) in
                    try await adopt(identity, for: operation)
                }
                return
            }
            guard known.checkValue == value else { throw records.tampered(known.sealedName) }
            if known.destroyedAt != nil {
                logger.critical(
                    "a root epoch that was destroyed is in the token again", metadata: ["epoch": "\(epoch)"])
            }
        }
        try await rebind(to: identity)
    }

    /// Records the epochs that the store does not know, and binds it to the latest.
    private func adopt(
        _ identity: TokenIdentity, for operation: OperationContext
    ) async throws(KMSError) {
        for (epoch, value) in identity.checkValues.sorted(by: { $0.key < $1.key })
        where try await records.directoryRecord(RootRecord.self, epoch.description) == nil {
            let record = RootRecord(epoch: epoch, checkValue: value, at: clock.now)
            do throws(KMSError) {
                try await operation.addToDirectory(record)
            } catch .nameTaken {
                // Another process recorded it first.
            }
        }
        try await rebind(to: identity)
    }

    private func rebind(to identity: TokenIdentity) async throws(KMSError) {
        guard let binding = try await atStore({ () throws(StoreError) in try await reader.binding() }),
            binding.epoch < identity.epoch
        else { return }
        let latest = TokenBinding(
            label: identity.label, serialNumber: identity.serialNumber, epoch: identity.epoch,
            checkValue: identity.checkValue, createdAt: binding.createdAt)
        do throws(StoreError) {
            try await upkeep.rebind(to: latest)
        } catch {
            guard error == .conflict else { throw KMSError(error) }
        }
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
