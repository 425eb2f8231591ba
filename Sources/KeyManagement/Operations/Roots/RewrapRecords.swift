internal import Logging
import Synchronization

extension KeyService {
    /// Rewraps all records that are under earlier roots, if any may exist.
    func rewrapWhatIsDue() async throws(KMSError) {
        var latest = tokenInformation.identity.epoch
        // Another process may have made roots. The earlier ones may be destroyed soon, even if no request reads a record in
        // between.
        let binding = try await atStore { () throws(StoreError) in try await reader.binding() }
        if let binding, binding.epoch > latest {
            latest = try await tokenInformation.readIdentity().epoch
        }
        guard !rewrapping.isDone(for: latest, at: .now) else { return }
        let left = try await rewrapAll(to: latest)
        if left > 0 {
            logger.error(
                "records cannot be put under the latest roots; 'kms store verify' names them",
                metadata: ["epoch": "\(latest)", "records": "\(left)"])
        }
        rewrapping.finish(latest, at: .now)
    }

    /// Scans the store until a pass finds nothing more to rewrap.
    ///
    /// - Returns: the number of remaining records that are not as they were sealed.
    func rewrapAll(to latest: RootEpoch) async throws(KMSError) -> Int {
        guard latest > .first else { return 0 }
        while true {
            if try await usesBefore(latest).isEmpty { return 0 }
            var (moved, refused) = (0, 0)
            for kind in RecordKind.allCases {
                let pass = try await rewrap(kind, to: latest)
                moved += pass.moved
                refused += pass.refused
            }
            if moved == 0, refused > 0 { return refused }
        }
    }

    /// Makes one pass through the records of a kind.
    private func rewrap(_ kind: RecordKind, to latest: RootEpoch) async throws(KMSError) -> (moved: Int, refused: Int) {
        var result = (moved: 0, refused: 0)
        var cursor: RecordPlace?
        repeat {
            let after = cursor
            let page = try await records.read { () throws(StoreError) in
                try await reader.page(of: kind, before: latest, after: after, limit: Self.pageSize)
            }
            result.refused += page.unreadable.count
            if !page.records.isEmpty {
                let (moved, refused) = try await rewrap(page.records)
                result = (result.moved + moved, result.refused + refused)
            }
            cursor = page.next
        } while cursor != nil && !Task.isCancelled
        return result
    }

    private static var pageSize: Int { 128 }

    /// The number of keys rewrapped in one visit to the token. Other requests wait a few milliseconds behind it.
    private static var visitSize: Int { 8 }

    private func rewrap(_ page: [StoredRecord]) async throws(KMSError) -> (moved: Int, refused: Int) {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-rewrapper"), kind: .system))
        let details = ["kind": page[0].kind.rawValue]
        return try await withAudit(.rewrapKeys, by: principal, details: details) { (operation) throws(KMSError) in
            // A record that is not as it was sealed is not sealed again.
            let genuine = try await records.genuine(page)
            var moved = 0
            for start in stride(from: 0, to: genuine.count, by: Self.visitSize) {
                let some = genuine[start..<min(start + Self.visitSize, genuine.count)]
                moved += try await replace(try await operation.rewrapped(some), for: operation)
            }
            records.noteChange()
            operation.recorder.note { $0.details["records"] = "\(moved)" }
            return (moved, page.count - genuine.count)
        }
    }

    /// Stores rewrapped records: together, or one by one if a concurrent change has altered one of them.
    private func replace(
        _ replacements: [Rewrapped], for operation: OperationContext
    ) async throws(KMSError) -> Int {
        let outcome = try await operation.save(replacements)
        guard case .failure(.conflict) = outcome, replacements.count > 1 else {
            return outcome == .failure(.conflict) ? 0 : try outcome.orThrow()
        }
        var moved = 0
        for replacement in replacements { moved += try await replace([replacement], for: operation) }
        return moved
    }
}

extension OperationContext {
    fileprivate func save(_ replacements: [Rewrapped]) async throws(KMSError) -> Result<Int, StoreError> {
        let outcome = try await service.state.commit(
            replacements.flatMap(\.edits), sealing: replacements.map(\.content.canonicalBytes)
        ) { (seals, state) throws(StoreError) in
            try await store.replace(
                zip(replacements, seals).map { SealReplacement(record: $0.record, seal: $1, wrapped: $0.wrapped) },
                state: state)
        }
        return outcome.map { committed in
            recorder.confirm(committed.steps)
            return committed.value
        }
    }

    func rewrapped(_ some: ArraySlice<StoredRecord>) async throws(KMSError) -> [Rewrapped] {
        let keys = some.compactMap(\.keyToRewrap)
        var wrapped: [WrappedKey] = []
        if !keys.isEmpty {
            wrapped = try await atToken { () throws(TokenError) in try await token.rewrap(keys) }
        }
        var rest = wrapped[...]
        let new = some.map { $0.wrapped == nil ? nil : rest.popFirst() }
        return zip(some, new).map { Rewrapped(record: $0, wrapped: $1) }
    }
}
