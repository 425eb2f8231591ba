import AuditFiles
import KeyManagement

/// Holds the store against what the audit log says of the records that were changed last.
struct StoreWitness: Sendable {
    let opened: Opened
    /// Whether an operator takes the store as it is.
    let accepts: Bool

    /// How many records are looked at, as far as the newest files of the log tell of so many.
    static let records = 10_000
    /// How many of them before anybody is served: a store that was replaced by an older copy lacks the newest.
    static let recordsBeforeServing = 500

    /// - Returns: how many records an operator's word has taken as they are.
    /// - Throws: ``Failure`` when a record is older than what the log has seen, or another, or gone.
    @discardableResult
    func check(latest limit: Int) async throws -> Int {
        let witnessed: [WitnessedRecord]
        do throws(AuditError) {
            witnessed = try await opened.audit.trail.witnessedRecords(limit: limit)
        } catch {
            throw Failure(.store, "\(error)")
        }
        let setBack = try await opened.service.checkWitness(witnessed)
        guard !setBack.isEmpty else { return 0 }
        guard accepts else {
            let list = setBack.prefix(5).map { "\($0.kind) \($0.id): \($0.finding)" }.joined(separator: "; ")
            throw Failure(
                .store,
                "the store was set back: \(setBack.count) records are not as the audit log has seen them (\(list)). If a backup was "
                    + "restored, start once with --accept-older-store; otherwise somebody replaced the store by an older copy"
            )
        }
        try await opened.service.acceptOlderStore(setBack)
        return setBack.count
    }
}
