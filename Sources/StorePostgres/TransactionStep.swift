import KeyManagement

/// One statement of a transaction, and the requirement for its result. If the requirement is not met, the transaction is rolled back.
struct TransactionStep: Sendable {
    /// The number of rows that a statement must change or return.
    enum Requirement: Sendable {
        case any
        /// Exactly one row, or the failure.
        case one(else: StoreError)
        /// Exactly this number, or the failure.
        case count(Int, else: StoreError)
        /// One row. Otherwise the place or the name of the document is taken.
        case insertion(of: SealedDocument)
    }

    let statement: Statement
    let requirement: Requirement
    /// The failure if the statement gives a document a name that is taken.
    let nameCollision: StoreError
    /// True if the changed rows count as resealed.
    let isReseal: Bool

    init(
        _ statement: Statement, requires requirement: Requirement = .any, nameCollision: StoreError = .conflict,
        isReseal: Bool = false
    ) {
        self.statement = statement
        self.requirement = requirement
        self.nameCollision = nameCollision
        self.isReseal = isReseal
    }

    /// Returns the failure that the number of rows means; `nil` if the requirement is met.
    func violation(by count: Int) -> Violation? {
        switch requirement {
        case .any: nil
        case .one(let failure): count == 1 ? nil : .failure(failure)
        case .count(let expected, let failure): count == expected ? nil : .failure(failure)
        case .insertion(let document): count == 1 ? nil : .taken(document)
        }
    }

    enum Violation: Error {
        case failure(StoreError)
        /// The place or the name of this document is taken.
        case taken(SealedDocument)
    }
}

extension Statement {
    /// Keeps transactions that close an epoch away until this one ends. All transactions that write documents take it, and none of them
    /// waits for another.
    static let lockShared = Statement("SELECT pg_advisory_xact_lock_shared(\(lockNumber))")
    /// Waits for all transactions that write, and keeps them away until this one ends.
    static let lockAlone = Statement("SELECT pg_advisory_xact_lock(\(lockNumber))")

    /// `kms1`, in a space of numbers that the database's other programs share.
    private static let lockNumber = 0x6B6D_7331
}

// The steps of a transaction of the store.
extension StoreTransaction {
    func steps() throws(StoreError) -> [TransactionStep] {
        // Shards that are being added are invisible to a deletion of all.
        var steps = [TransactionStep(clearsState ? .lockAlone : .lockShared)]
        if let binding { steps.append(TokenBindingRow.step(binding)) }
        if clearsState {
            steps.append(TransactionStep(Statement("DELETE FROM kms.document WHERE kind = 'shard'")))
            steps.append(TransactionStep(Statement("DELETE FROM kms.state_member")))
        }
        for change in changes { steps += try change.steps() }
        return steps + members.map { TransactionStep($0.statement) }
    }
}

extension DocumentChange {
    fileprivate func steps() throws(StoreError) -> [TransactionStep] {
        switch self {
        case .insert(let write):
            let statement = Statement(DocumentRow.insert, try DocumentRow.parameters(of: write.document))
            return [TransactionStep(statement, requires: .insertion(of: write.document))] + write.consequences
        case .replace(let write, let revision):
            let kind = write.document.kind
            let from = try Self.exact(revision, kind, write.document.place)
            let parameters = try DocumentRow.parameters(of: write.document) + [.integer(from)]
            return [
                TransactionStep(
                    Statement(DocumentRow.replace, parameters), requires: .one(else: kind.collision),
                    nameCollision: kind.nameCollision)
            ] + write.consequences
        case .reseal(let write, let seal, let isOptional):
            let parameters = try DocumentRow.parameters(of: write.document, replacing: seal)
            return [
                TransactionStep(
                    Statement(DocumentRow.reseal, parameters), requires: isOptional ? .any : .one(else: .conflict),
                    isReseal: true)
            ] + write.consequences
        case .delete(let kind, let place, let revision):
            let sql = "DELETE FROM kms.document WHERE kind = $1 AND place = $2"
            guard let revision else {
                return [TransactionStep(Statement(sql, .text(kind.rawValue), .bytes(place)))]
            }
            let from = Parameter.integer(try Self.exact(revision, kind, place))
            return [
                TransactionStep(
                    Statement(sql + " AND revision = $3", .text(kind.rawValue), .bytes(place), from),
                    requires: .one(else: .conflict))
            ]
        case .deleteGroup(let group, let aliases):
            return [
                // First the key and what belongs to it, so that nothing is added to the group from here on: what is added needs its
                // owner, a key or a version.
                TransactionStep(
                    Statement("SELECT 1 FROM kms.document WHERE kind = 'key' AND place = $1 FOR UPDATE", .bytes(group))),
                TransactionStep(
                    Statement(
                        "SELECT 1 FROM kms.document WHERE group_key = $1 ORDER BY kind, place FOR UPDATE", .bytes(group)
                    )),
                // An alias may have been set or moved meanwhile.
                TransactionStep(
                    Statement("DELETE FROM kms.document WHERE group_key = $1 AND kind = 'alias'", .bytes(group)),
                    requires: .count(aliases, else: .conflict)),
                TransactionStep(Statement("DELETE FROM kms.version_use WHERE key_id = $1", .bytes(group))),
                TransactionStep(Statement("DELETE FROM kms.document WHERE group_key = $1", .bytes(group))),
            ]
        }
    }

    private static func exact(_ revision: UInt64, _ kind: RecordKind, _ place: [UInt8]) throws(StoreError) -> Int64 {
        guard let number = Int64(exactly: revision) else { throw .malformed("\(kind.name(of: place)) (revision)") }
        return number
    }
}

extension DocumentWrite {
    /// The steps after the document was written: its owner exists, and stays until the end of the transaction; its wrapped key is
    /// registered.
    fileprivate var consequences: [TransactionStep] {
        var steps: [TransactionStep] = []
        if let owner {
            let statement =
                switch owner {
                case .place(let kind, let place):
                    Statement(
                        "SELECT 1 FROM kms.document WHERE kind = $1 AND place = $2 FOR KEY SHARE", .text(kind.rawValue),
                        .bytes(place))
                case .name(let name):
                    Statement("SELECT 1 FROM kms.document WHERE name = $1 FOR KEY SHARE", .bytes(name))
                }
            steps.append(TransactionStep(statement, requires: .one(else: .conflict)))
        }
        if let blob, let epoch = document.wrapEpoch {
            steps.append(TransactionStep(WrappedBlobRow.register(blob, under: epoch)))
        }
        return steps
    }
}

extension StateMember {
    fileprivate var statement: Statement {
        guard let digest else {
            return Statement(
                "DELETE FROM kms.state_member WHERE shard = $1 AND place = $2", .integer(shard.number), .bytes(place))
        }
        return Statement(
            """
            INSERT INTO kms.state_member (shard, place, digest) VALUES ($1, $2, $3)
            ON CONFLICT (shard, place) DO UPDATE SET digest = excluded.digest
            """, .integer(shard.number), .bytes(place), .bytes(digest))
    }
}
