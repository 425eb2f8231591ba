public import KeyManagement
internal import Logging

extension AuditTrail {
    /// The latest checkpoint in the chain, for publication; nil when there is none yet.
    public var latestCheckpoint: AuditCheckpoint? { state.withLock { $0.latest } }

    public var publishedCheckpoint: String? { latestCheckpoint?.text }

    /// Signs checkpoints when they are due, until its task is cancelled. To be called once.
    ///
    /// A token that does not sign stops nothing: it is logged, and tried again.
    public func run() async {
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

    /// Ends the chain with a record that says so, and with a checkpoint that covers everything.
    public func close() async {
        do throws(AuditError) {
            _ = try await write(LineBody(.record, AuditLine.Content.closed(clock.now).body))
        } catch {
            logger.error("the end of the audit chain is not written", metadata: ["reason": "\(error)"])
        }
        if signer != nil { _ = await hasCheckpointed() }
        await stop()
    }

    /// Signs a checkpoint, unless nothing happened since the last one.
    ///
    /// - Returns: the latest checkpoint; nil when there is no audit key.
    /// - Throws: ``AuditError/unavailable(_:)`` also when the token does not sign.
    @discardableResult
    public func checkpoint() async throws(AuditError) -> AuditCheckpoint? {
        guard let signer else { return nil }
        let (head, latest) = state.withLock { ($0.head, $0.latest) }
        // Behind a checkpoint that covers everything there is its own line, and no other.
        if let latest, latest.line.number == head.number, latest.signed.checkpoint.through + 1 == head.number {
            return latest
        }
        // Behind the head: what the lines up to there have changed is in it.
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
        // Whoever verifies remembers so many lines; half of them, because some wait already.
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
