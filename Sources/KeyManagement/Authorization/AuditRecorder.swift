internal import Crypto
internal import Synchronization

/// The recorder of the facts that the audit entry of an operation will contain.
final class AuditRecorder: Sendable {
    struct Known {
        var key: KeyID?
        var version: VersionNumber?
        /// The rule that decided last, and why.
        var reason = ""
        var isDenied = false
        var contextDigest: [UInt8]?
        /// The records of the last announced transaction, if it is not confirmed yet.
        var announced: [AuditEntry.ChangedRecord] = []
        /// All records that the operation has stored.
        var changes: [AuditEntry.ChangedRecord] = []
        /// The shard counters of the state digest that the last announced transaction would reach.
        var announcedSteps: [StateStep] = []
        /// The shard counters of the state digest that were reached.
        var steps: [StateStep] = []
        /// The number of denials; a batch can have more than one.
        var denials = 0
        var details: [String: String] = [:]
        /// The reason why the operation is denied unless a grant of its key allows it; `nil` as soon as one does.
        var refusal: KMSError?
        var uses: [VersionID?: (succeeded: Int, failed: Int)] = [:]
        /// The operations that were checked against their approval policies.
        var judgements: Set<Judgement> = []
        /// True for a dry run whose change would be refused without an approval.
        var isApprovalMissing = false
    }

    private let known = Mutex(Known())

    var current: Known { known.withLock { $0 } }

    func note(_ body: (inout Known) -> Void) {
        known.withLock { body(&$0) }
    }

    func note(key: KeyID, version: VersionNumber? = nil) {
        known.withLock {
            $0.key = key
            if let version { $0.version = version }
        }
    }

    func note(_ version: VersionID) { note(key: version.key, version: version.number) }

    /// Notes the rule that decided.
    ///
    /// - Parameters:
    ///   - decision: the decision, which names its rule.
    ///   - count: the number of operations that the decision concerns.
    func note(_ decision: AccessPolicy.Decision, count: Int = 1) {
        known.withLock {
            $0.reason = decision.reason
            if case .allowed = decision {
                $0.isDenied = false
            } else {
                $0.isDenied = true
                $0.denials += count
            }
        }
    }

    /// Notes that the last announced transaction is stored. An operation that lost a race, and then found nothing left to do,
    /// confirms nothing.
    func confirmChange() {
        known.withLock {
            $0.changes += $0.announced
            $0.announced = []
        }
    }

    /// Notes the shard counters of the state digest that a change would reach.
    func announce(_ steps: [StateStep]) {
        known.withLock { $0.announcedSteps = steps }
    }

    /// Notes the shard counters of the state digest that were reached. For each shard the newest step counts.
    func confirm(_ steps: [StateStep]) {
        guard !steps.isEmpty else { return }
        known.withLock { known in
            known.steps.removeAll { old in steps.contains { $0.shard == old.shard && $0.counter > old.counter } }
            known.steps += steps
        }
    }

    func note(_ context: EncryptionContext) {
        guard !context.isEmpty else { return }
        let digest = context.digest
        known.withLock { $0.contextDigest = digest }
    }

    /// Notes the encryption contexts of a batch. If they differ, the entry says so and has no digest.
    func note(_ contexts: some Sequence<EncryptionContext>) {
        let all = Set(contexts)
        if all.count == 1, let only = all.first { return note(only) }
        known.withLock { $0.details["contexts"] = "various" }
    }

    /// Counts the outcomes of the items of a batch.
    func count(_ version: VersionID?, succeeded: Int = 0, failed: Int = 0) {
        known.withLock {
            $0.uses[version, default: (0, 0)].succeeded += succeeded
            $0.uses[version, default: (0, 0)].failed += failed
        }
    }
}

extension EncryptionContext {
    /// SHA-256 of the canonical form: 32 bytes.
    var digest: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return Array(SHA256.hash(data: bytes))
    }
}
