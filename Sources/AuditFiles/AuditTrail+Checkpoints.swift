package import KeyManagement
internal import Logging

extension AuditTrail {
    /// The latest checkpoint in the chain, for publication; nil if there is none yet.
    package var latestCheckpoint: AuditCheckpoint? { state.withLock { $0.latest } }

    /// True if the token has an audit key that signs checkpoints.
    package var signsCheckpoints: Bool { signer != nil }

    package var publishedCheckpoint: String? { latestCheckpoint?.text }

    /// Signs checkpoints when they are due, until its task is cancelled. Call it once.
    ///
    /// A token that fails to sign stops nothing: the failure is logged, and signing is retried.
    package func run() async {
        guard signer != nil else { return }
        let (interval, waker) = (configuration.checkpointInterval, wakes.continuation)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: interval)) != nil { waker.yield() }
            }
            for await _ in wakes.stream {
                while !Task.isCancelled, await !hasCheckpointed() { try? await Task.sleep(for: .seconds(1)) }
            }
            group.cancelAll()
        }
    }

    /// Closes the chain with a closing record, and with a checkpoint that covers everything.
    package func close() async {
        do throws(AuditError) {
            _ = try await write(LineBody(.record, AuditLine.Content.closed(clock.now).body))
        } catch {
            logger.error("the end of the audit chain is not written", metadata: ["reason": "\(error)"])
        }
        if signer != nil { _ = await hasCheckpointed() }
        await stop()
    }

    /// Signs a checkpoint, unless nothing was written since the last one.
    ///
    /// The first one waits for ``checkBeginning()``.
    ///
    /// - Returns: the latest checkpoint; nil if there is no audit key.
    /// - Throws: ``/KeyManagement/AuditError/unavailable(_:)``, also if the token does not sign, and if a line before the end was changed or is missing.
    @discardableResult
    package func checkpoint() async throws(AuditError) -> AuditCheckpoint? {
        guard let signer else { return nil }
        do throws(AuditOpenError) {
            try await checkBeginning()
        } catch {
            throw .unavailable("the chain is not whole: \(error)")
        }
        await checkpointTurn.begin()
        defer { checkpointTurn.end() }
        let (head, latest) = state.withLock { ($0.head, $0.latest) }
        // If a checkpoint covers everything, only its own line follows the lines that it covers.
        if let latest, latest.line.number == head.number, latest.signed.checkpoint.through + 1 == head.number {
            return latest
        }
        // Taken after the head, so that the state includes all changes of the lines up to it.
        let stateDigest = try await writeState()
        let checkpoint = Checkpoint(
            time: clock.now, chain: head.chain, through: head.number, hash: head.hash, entries: head.entries,
            key: signer.key.fingerprint, state: stateDigest)
        let signed: SignedCheckpoint
        do throws(TokenError) {
            signed = try await checkpoint.signed(by: signer.signer, key: signer.key)
        } catch {
            throw .unavailable("the token does not sign a checkpoint: \(error)")
        }
        // A verifier remembers a limited number of lines. Half of it is allowed, because further lines may be waiting.
        let written = state.withLock { $0.head.number - head.number }
        guard written <= RecentLines.reach / 2 else {
            throw .unavailable("\(written) lines were written while the token signed a checkpoint")
        }
        let place = try await write(LineBody(.checkpoint, AuditLine.Content.checkpoint(signed).body))
        let line = AuditLine(number: place.number, previous: place.previous, content: .checkpoint(signed))
        let made = AuditCheckpoint(line: line, signed: signed)
        state.withLock { if place.number > $0.latest?.line.number ?? 0 { $0.latest = made } }
        if let stateDigest {
            StateFile(folder: folder).keep([stateDigest, latest?.signed.checkpoint.state ?? stateDigest])
        }
        onCheckpoint(made)
        return made
    }

    private func hasCheckpointed() async -> Bool {
        do throws(AuditError) {
            try await checkpoint()
            return true
        } catch {
            logger.error("no checkpoint of the audit chain", metadata: ["reason": "\(error)"])
            return false
        }
    }
}
