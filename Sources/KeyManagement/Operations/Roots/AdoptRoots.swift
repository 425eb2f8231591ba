internal import Logging

extension KeyService {
    /// Records the roots that the token has: at the start, and if the service made some that it could not record.
    package func adoptRoots() async throws(KMSError) {
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
    func adopt(
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
}
