internal import Logging

/// The condition that must hold before an alias is set.
public enum AliasExpectation: Sendable {
    case any
    case absent
    case present
    /// The alias must refer to this key.
    case refersTo(KeyID)
}

extension KeyService {
    /// Gives a key an alias, or moves the alias from another key to this one, in one step.
    ///
    /// - Parameter expectation: the condition on the alias before the change.
    /// - Throws: ``KMSError/keyNameTaken(_:)`` if a key has that name, or the alias exists and must not;
    ///   ``KMSError/aliasNotFound(_:)`` if it must exist and does not.
    public func setAlias(
        _ name: KeyName, to reference: KeyReference, expecting expectation: AliasExpectation = .any, by caller: Caller
    ) async throws(KMSError) -> AliasRecord {
        try await withAudit(.changeAlias, by: caller) { (operation) throws(KMSError) in
            try name.requireUsers()
            var target: AuthorizedKey?
            for _ in 0..<16 {
                let current = try await verifiedAlias(name, in: caller.project)
                // A caller who moves an alias away from a key must be authorised for both keys.
                if let current, try await !isOpen(current, to: operation.narrowed(to: .updateAlias)) {
                    throw .keyNameTaken(name)
                }
                try Self.require(expectation, of: name, now: current)
                let operation = operation.narrowed(to: current == nil ? .createAlias : .updateAlias)
                let authorized =
                    if let target { try await target.again(for: operation) } else {
                        try await operation.find(reference, with: .none)
                    }
                target = authorized
                let key = authorized.record
                guard key.availability != .pendingDeletion else { throw .keyPendingDeletion(key.name) }
                if let current, current.key == key.id { return current }
                let alias = AliasRecord(
                    project: caller.project, name: name, key: key.id, revision: (current?.revision ?? 0) + 1,
                    changedAt: clock.now, createdAt: current == nil ? clock.now : current?.createdAt)
                let outcome = try await operation.save(
                    alias, replacing: .record(current), announcing: .init(alias)
                ) {
                    (alias, state) throws(StoreError) in
                    try await operation.store.save(alias, state: state)
                }
                switch outcome {
                case .success:
                    logChange("alias \(name) set", of: key, by: caller)
                    return alias
                case .failure(.conflict): continue
                case .failure(let error): throw KMSError(error, name: name)
                }
            }
            throw .conflict
        }
    }

    /// Returns an alias.
    ///
    /// - Throws: ``KMSError/aliasNotFound(_:)``
    public func alias(_ name: KeyName, by caller: Caller) async throws(KMSError) -> AliasRecord {
        try await withAudit(.listAliases, by: caller) { (operation) throws(KMSError) in
            guard let alias = try await verifiedAlias(name, in: caller.project), try await isOpen(alias, to: operation)
            else { throw .aliasNotFound(name) }
            return alias
        }
    }

    /// Deletes an alias. The key remains.
    public func deleteAlias(_ name: KeyName, by caller: Caller) async throws(KMSError) {
        try await withAudit(.changeAlias, by: caller) { (operation) throws(KMSError) in
            guard let alias = try await verifiedAlias(name, in: caller.project) else { throw .aliasNotFound(name) }
            let operation = operation.narrowed(to: .deleteAlias)
            do throws(KMSError) {
                _ = try await operation.find(.id(alias.key), with: .none)
            } catch {
                if case .keyNotFound = error { throw .aliasNotFound(name) }
                throw error
            }
            let outcome = try await operation.remove(alias, announcing: .init(alias, isDeleted: true)) {
                (state) throws(StoreError) in
                try await operation.store.deleteAlias(name, in: caller.project, revision: alias.revision, state: state)
            }
            try outcome.orThrow()
            logger.info(
                "alias \(name) deleted",
                metadata: ["key": "\(alias.key)", "subject": "\(caller.subject)", "request": "\(caller.requestID)"])
        }
    }

    /// Returns the aliases of the caller's project, or of one of its keys, sorted by name.
    ///
    /// One call reads at most 10,000 aliases. So a page may have fewer than `limit` items, or none, and still be followed by
    /// another.
    public func listAliases(
        of reference: KeyReference? = nil, after cursor: ListCursor? = nil, limit: PageLimit = .standard,
        by caller: Caller
    ) async throws(KMSError) -> Page<AliasRecord> {
        try await withAudit(.listAliases, by: caller) { (operation) throws(KMSError) in
            var id: KeyID?
            if let reference { id = try await operation.find(reference, with: .none).id }
            let scope = ListScope(
                ["aliases"] + [id?.description].compactMap(\.self), for: caller.principal, in: caller.project)
            var place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in try KeyName(alias: text) }
            var aliases: [AliasRecord] = []
            var looked = 0
            while true {
                let (key, start) = (id, place)
                let stored = try await records.read { () throws(StoreError) in
                    try await reader.aliases(in: caller.project, of: key, after: start, limit: limit.count + 1)
                }
                looked += stored.count
                for alias in try await records.verified(stored, of: caller.project)
                where try await isOpen(alias, to: operation) {
                    aliases.append(alias)
                }
                place = stored.last?.unverified.name ?? place
                let isLast = stored.count <= limit.count
                guard isLast || aliases.count > limit.count || looked >= 10_000 else { continue }
                let page = Array(aliases.prefix(limit.count))
                let next = aliases.count > limit.count ? page.last?.name : isLast ? nil : place
                return Page(items: page, next: try await self.cursor(at: next?.text, in: scope))
            }
        }
    }

    /// Returns true if the caller may perform the operation on the key behind an alias. Otherwise the alias is hidden as well.
    private func isOpen(_ alias: AliasRecord, to operation: OperationContext) async throws(KMSError) -> Bool {
        do throws(KMSError) {
            _ = try await operation.find(.id(alias.key), with: .none)
            return true
        } catch {
            switch error {
            case .keyNotFound, .accessDenied: return false
            default: throw error
            }
        }
    }

    private static func require(
        _ expectation: AliasExpectation, of name: KeyName, now current: AliasRecord?
    ) throws(KMSError) {
        switch (expectation, current) {
        case (.absent, _?): throw .keyNameTaken(name)
        case (.present, nil), (.refersTo, nil): throw .aliasNotFound(name)
        case (.refersTo(let key), let current?):
            guard current.key == key else { throw .conflict }
        case (.any, _), (.absent, nil), (.present, _?): return
        }
    }

    /// Returns an alias as it is in the store now, because a change is based on it.
    private func verifiedAlias(_ name: KeyName, in project: ProjectID) async throws(KMSError) -> AliasRecord? {
        try await records.alias(name, in: project)
    }
}
