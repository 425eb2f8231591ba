package import KeyManagement
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

    /// Returns the recorded state.
    ///
    /// - Throws: ``AuditOpenError`` if the vector of the last checkpoint is missing.
    func vector(in folder: AuditFolder) throws(AuditOpenError) -> StateVector {
        var rows =
            try digest.map { (digest) throws(AuditOpenError) in try StateFile(folder: folder).read(digest).rows }
            ?? StateVector.empty.rows
        for step in steps.map(\.step) where rows[step.shard.number].counter < step.counter {
            rows[step.shard.number] = StateVector.Row(counter: step.counter, digest: [])
        }
        return StateVector(rows: rows)
    }
}

extension AuditTrail {
    /// Returns the newest state of the store that the chain had recorded when it was opened.
    ///
    /// - Throws: ``AuditOpenError/inaccessible(path:reason:)`` when the file that the last checkpoint names is missing.
    package func stateWitness() async throws(AuditOpenError) -> StateVector {
        let (witness, folder) = (witness, folder)
        return try await onOwnThread("audit-state") { () throws(AuditOpenError) in try witness.vector(in: folder) }
    }

    /// Returns the file and line of the operation after the last checkpoint that reports a shard's counter; nil if none does.
    package func place(of counter: UInt64, inShard shard: ShardIndex) -> (file: String, line: Int)? {
        witness.steps.first { $0.step.shard == shard && $0.step.counter == counter }
            .map { (folder.path(of: $0.file), $0.line) }
    }

    /// Returns the newest state of the store that the chain in another folder has recorded, under the same audit key; nil without a chain.
    ///
    /// - Throws: ``AuditOpenError``, also if the file that the last checkpoint names is missing.
    package func stateWitness(of directory: String) async throws(AuditOpenError) -> StateVector? {
        let (folder, key, end) = (AuditFolder(path: directory), signer?.key, configuration.endBytes)
        return try await onOwnThread("audit-state") { () throws(AuditOpenError) in
            guard try !folder.files().isEmpty else { return nil }
            return try ChainRecovery(reading: folder, end: end).verified(under: key).witness.vector(in: folder)
        }
    }

    /// Has each later checkpoint record how new the store is.
    ///
    /// - Parameter source: returns the newest row of each shard that the process knows.
    package func witnessState(_ source: @escaping @Sendable () -> StateVector) {
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
