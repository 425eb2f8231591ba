/// The condition that must hold before an alias is set.
package enum AliasExpectation: Sendable {
    case any
    case absent
    case present
    /// The alias must refer to this key.
    case refersTo(KeyID)
}

extension KeyService {
    /// Gives a key an alias, or moves the alias from another key to this one, in one step.
    ///
    /// - Parameters:
    ///   - name: the alias.
    ///   - reference: the key that gets the alias.
    ///   - expectation: the condition on the alias before the change.
    ///   - caller: the caller, with the project of the request.
    /// - Throws: ``KMSError/keyNameTaken(_:)`` if a key has that name, or the alias exists and must not;
    ///   ``KMSError/aliasNotFound(_:)`` if it must exist and does not.
    package func setAlias(
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
}
