public import KeyManagement
internal import ThreadExecutor

/// The newest state of the store that a chain has recorded: the vector of its last checkpoint, and the steps of later operations.
struct StateWitness: Sendable {
    /// A step that an operation reports, and the line of the operation.
    struct Step: Sendable {
        let step: StateStep
        let file: UInt64
        let line: Int
    }

    /// The digest of the last checkpoint's vector; nil if there is none.
    let digest: [UInt8]?
    let steps: [Step]

    /// The most by which a counter can have grown since the last checkpoint: 2^40. An acceptance of an older store advances it by 2^20, a
    /// change by 1.
    ///
    /// Lines after the checkpoint are not signed. A forged one could otherwise have an operator accept counters beyond all later ones.
    private static let maxGrowth: UInt64 = 1 << 40

    /// Returns the recorded state.
    ///
    /// - Throws: ``AuditOpenError`` if the vector of the last checkpoint is missing, or if a line reports a counter that cannot be.
    func vector(in folder: AuditFolder) throws(AuditOpenError) -> StateVector {
        let signed =
            try digest.map { (digest) throws(AuditOpenError) in try StateFile(folder: folder).read(digest).rows }
            ?? StateVector.empty.rows
        var rows = signed
        for entry in steps {
            let (shard, counter) = (entry.step.shard.number, entry.step.counter)
            guard rows[shard].counter < counter else { continue }
            guard counter - signed[shard].counter <= Self.maxGrowth else {
                throw .broken(
                    file: folder.path(of: entry.file), line: entry.line,
                    reason: "it says that shard \(shard) of the store is at counter \(counter), which cannot be")
            }
            rows[shard] = StateVector.Row(counter: counter, digest: [])
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

    /// Returns the newest state of the store that the chain in another folder has recorded, under the same audit key; nil without a chain.
    ///
    /// - Throws: ``AuditOpenError``, also if the file that the last checkpoint names is missing.
    public func stateWitness(of directory: String) async throws(AuditOpenError) -> StateVector? {
        let (folder, key, end) = (AuditFolder(path: directory), signer?.key, configuration.endBytes)
        return try await onOwnThread("audit-state") { () throws(AuditOpenError) in
            guard try !folder.files().isEmpty else { return nil }
            return try ChainRecovery(reading: folder, end: end).verified(under: key).witness.vector(in: folder)
        }
    }

    /// Has each later checkpoint record how new the store is.
    ///
    /// - Parameter source: returns the newest row of each shard that the process knows.
    public func witnessState(_ source: @escaping @Sendable () -> StateVector) {
        stateSource.set(source)
    }

    /// Writes the vector for a checkpoint, durably. It is that of the present store or, before ``witnessState(_:)``, the one that the chain
    /// has recorded. So a process that refuses to serve discards none of the chain's knowledge.
    ///
    /// - Returns: the digest of the vector; nil if the chain has never seen a state digest.
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
