import Glibc
package import KeyManagement
import SystemClock

// Writing documents.
extension PostgresKeyStore {
    package func commit(_ transaction: StoreTransaction) async throws(StoreError) -> Int {
        try await transact(try transaction.steps())
    }

    /// Runs a transaction: all of its statements in one round trip, then the commit in another.
    ///
    /// If the connection breaks before the commit is sent, the transaction begins again. If it breaks afterwards, the database is asked
    /// whether the transaction was committed.
    ///
    /// - Returns: the number of documents that were resealed.
    /// - Throws: ``StoreError/busy(_:)`` if the outcome cannot be found out in time; the transaction may then be committed or not.
    func transact(_ steps: [TransactionStep]) async throws(StoreError) -> Int {
        // Large transactions get more time: a millisecond for each statement.
        try await pool.run(longer: .milliseconds(steps.count)) { [pool] connection, deadline in
            let mark = CommitMark()
            let (resealed, transaction) = try Self.execute(steps, mark, on: connection, by: deadline)
            do throws(DatabaseFailure) {
                let end = try connection.batch([Statement("COMMIT")], by: deadline)
                // A commit that is refused is rolled back.
                if let error = end.error { throw .refused(error) }
            } catch {
                if case .refused(let refusal) = error, refusal.state.remedy != .reconnect { throw error }
                // The answer is lost, and the transaction may be committed.
                try pool.settle(transaction, mark, by: max(deadline, .now + .milliseconds(800)))
                return resealed
            }
            // The server commits locally and warns if its wait for the standby was cancelled.
            if let warning = connection.warning {
                throw StoreError.busy("the change is stored, but perhaps not on the standby: \(warning)")
            }
            return resealed
        }
    }

    /// Whatever the defaults of the role are; and if this process vanishes, the server gives up the transaction.
    private static let beginning = [
        Statement("BEGIN ISOLATION LEVEL READ COMMITTED"),
        Statement("SET LOCAL idle_in_transaction_session_timeout = '10s'"),
    ]

    /// Runs the statements of a transaction, and leaves it open.
    ///
    /// - Returns: the number of documents that were resealed, and the id of the transaction.
    private static func execute(
        _ steps: [TransactionStep], _ mark: CommitMark, on connection: Connection, by deadline: MonotonicTime
    ) throws -> (resealed: Int, transaction: String) {
        let batch = Self.beginning + steps.map(\.statement) + [mark.statement]
        let outcome = try connection.batch(batch, by: deadline)
        var resealed = 0
        do {
            for (step, rows) in zip(steps, outcome.rows.dropFirst(Self.beginning.count)) {
                if let violation = step.violation(by: rows.changedCount) { throw violation }
                if step.isReseal { resealed += rows.changedCount }
            }
            if let error = outcome.error {
                let position = outcome.rows.count - Self.beginning.count
                guard error.state == .uniqueViolation, steps.indices.contains(position) else {
                    throw DatabaseFailure.refused(error)
                }
                throw steps[position].nameCollision
            }
        } catch {
            _ = try connection.run(Statement("ROLLBACK"), by: deadline)
            guard let violation = error as? TransactionStep.Violation else { throw error }
            throw try failure(of: violation, on: connection, by: deadline)
        }
        guard let last = outcome.rows.last, let transaction = last.text(0, 0) else {
            throw DatabaseFailure.broken("the server named no transaction")
        }
        return (resealed, transaction)
    }

    /// Returns what a violated requirement means. Place and name of a document may both be taken; the place takes precedence.
    private static func failure(
        of violation: TransactionStep.Violation, on connection: Connection, by deadline: MonotonicTime
    ) throws -> StoreError {
        switch violation {
        case .failure(let error): return error
        case .taken(let document):
            guard document.index.name != nil else { return document.kind.collision }
            let statement = Statement(
                "SELECT 1 FROM kms.document WHERE kind = $1 AND place = $2", .text(document.kind.rawValue),
                .bytes(document.place))
            let isPlaceTaken = try connection.run(statement, by: deadline).count > 0
            return isPlaceTaken ? document.kind.collision : document.kind.nameCollision
        }
    }
}

/// A random row that a transaction leaves behind, by which it is found again.
///
/// Its id alone would not do: after the promotion of a standby that lacks it, another transaction may get the same id.
struct CommitMark: Sendable {
    let bytes: [UInt8]

    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The statement that writes the mark and returns the id of the transaction.
    var statement: Statement {
        Statement("INSERT INTO kms.change (kind, place) VALUES ('commit', $1) RETURNING xid::text", .bytes(bytes))
    }
}

extension ConnectionPool {
    /// Finds out whether a transaction was committed whose answer was lost.
    ///
    /// - Throws: ``DatabaseFailure/broken(_:)`` if it was not, so that it begins again; ``StoreError/busy(_:)`` if this cannot be found out
    ///   by the deadline.
    func settle(_ transaction: String, _ mark: CommitMark, by deadline: MonotonicTime) throws {
        while MonotonicTime.now < deadline {
            var isCommitted: Bool?
            do {
                isCommitted = try withConnection { connection in
                    try Self.isCommitted(transaction, mark, on: connection, by: deadline)
                }
            } catch let error as DatabaseFailure where error.allowsRepetition {
                // There is no server yet that could tell, or none whose word would last.
            }
            switch isCommitted {
            case true?: return
            case false?: throw DatabaseFailure.broken("the connection broke during a commit, which had no effect")
            case nil: usleep(50_000)
            }
        }
        throw StoreError.busy("the connection broke during a commit, and it is not known whether the change was stored")
    }

    /// Returns whether a transaction was committed; `nil` while it runs.
    private static func isCommitted(
        _ transaction: String, _ mark: CommitMark, on connection: Connection, by deadline: MonotonicTime
    ) throws(DatabaseFailure) -> Bool? {
        // The status first: a transaction that has ended is in the next snapshot.
        let status = try connection.batch(
            [Statement("SELECT pg_xact_status($1::text::xid8)", .text(transaction))], by: deadline)
        // An id that this server has not reached yet is refused: it never got the transaction.
        if let error = status.error, error.state != .invalidParameterValue { throw .refused(error) }
        if status.error == nil, status.rows.first?.text(0, 0) == "in progress" { return nil }
        let found = try connection.run(
            Statement(
                "SELECT 1 FROM kms.change WHERE kind = 'commit' AND place = $1 AND xid = $2::text::xid8",
                .bytes(mark.bytes), .text(transaction)), by: deadline)
        guard found.count > 0 else { return false }
        // The server may have committed without its standby, and then restarted. A later commit that is confirmed confirms this one.
        let later = CommitMark()
        let outcome = try connection.batch([Statement("BEGIN"), later.statement, Statement("COMMIT")], by: deadline)
        if let error = outcome.error { throw .refused(error) }
        if let warning = connection.warning { throw .broken(warning) }
        return true
    }
}
