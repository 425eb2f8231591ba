public import KeyManagement
internal import ThreadExecutor

/// The newest state of the store that a chain has recorded: the vector of its last checkpoint, and the steps of later operations.
struct StateWitness: Sendable {
    /// The digest of the vector of the last checkpoint; nil when there is none.
    let digest: [UInt8]?
    let steps: [StateStep]

    /// - Throws: ``AuditOpenError`` when the vector of the last checkpoint is not there.
    func vector(in folder: AuditFolder) throws(AuditOpenError) -> StateVector {
        var rows =
            try digest.map { (digest) throws(AuditOpenError) in try StateFile(folder: folder).read(digest).rows }
            ?? StateVector.empty.rows
        for step in steps where rows[step.shard.number].counter < step.counter {
            rows[step.shard.number] = StateVector.Row(counter: step.counter, digest: [])
        }
        return StateVector(rows: rows)
    }
}

extension AuditTrail {
    /// Returns the newest state of the store that the chain had recorded when it was opened.
    ///
    /// - Throws: ``AuditOpenError/inaccessible(path:reason:)`` when the file that the last checkpoint names is missing.
    public func stateWitness() async throws(AuditOpenError) -> StateVector {
        let (witness, folder) = (witness, folder)
        return try await onOwnThread("audit-state") { () throws(AuditOpenError) in try witness.vector(in: folder) }
    }

    /// Has each checkpoint from now on say how new the store is.
    ///
    /// - Parameter source: the newest row of each shard that the process knows.
    public func witnessState(_ source: @escaping @Sendable () -> StateVector) {
        stateSource.set(source)
    }

    /// Writes the vector for a checkpoint, durably: of the store as it is, or as the chain had seen it while nobody has said. So a
    /// process that refuses to serve takes nothing from what the chain knows.
    ///
    /// - Returns: its digest; nil when the chain has never seen a state digest.
    func writeState() async throws(AuditError) -> [UInt8]? {
        let (source, witness, folder) = (stateSource.value, witness, folder)
        return try await onOwnThread("audit-state") { () throws(AuditError) in
            let vector: StateVector
            do throws(AuditOpenError) {
                if let source { vector = source() } else { vector = try witness.vector(in: folder) }
            } catch {
                throw .unavailable("\(error)")
            }
            return vector.isEmpty ? nil : try StateFile(folder: folder).write(vector)
        }
    }
}

extension AuditReader {
    /// Returns the newest state of the store that the chain has recorded; nil without a chain.
    ///
    /// - Throws: ``AuditOpenError`` also when the file that the last checkpoint names is missing.
    public func stateWitness() async throws(AuditOpenError) -> StateVector? {
        let folder = folder
        return try await onOwnThread("audit-state") { () throws(AuditOpenError) in
            guard try !folder.files().isEmpty else { return nil }
            return try ChainRecovery(reading: folder, end: AuditConfiguration(directory: folder.path).endBytes).witness
                .vector(in: folder)
        }
    }
}
