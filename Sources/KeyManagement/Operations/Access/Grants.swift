/// A request for a grant.
public struct GrantRequest: Sendable {
    public var name: String
    public var grantee: AccessStatement.Party
    public var retiring: AccessStatement.Party?
    public var actions: Set<KeyAction>
    public var constraint: GrantConstraint?
    /// The grantee and the retiring party as the caller writes them.
    public var granteeText: String
    public var retiringText: String

    public init(
        name: String = "", grantee: AccessStatement.Party, retiring: AccessStatement.Party? = nil,
        actions: Set<KeyAction>, constraint: GrantConstraint? = nil, granteeText: String? = nil,
        retiringText: String? = nil
    ) {
        self.name = name
        self.grantee = grantee
        self.retiring = retiring
        self.actions = actions
        self.constraint = constraint
        self.granteeText = granteeText ?? grantee.text
        self.retiringText = retiringText ?? retiring?.text ?? ""
    }

    func check() throws(KMSError) {
        guard name.utf8.count <= Grant.longestName, KeyDescription.isPlain(name) else {
            throw .invalidRequest("the name of a grant has at most \(Grant.longestName) bytes")
        }
        guard !actions.isEmpty, actions.isSubset(of: KeyAction.grantable) else {
            let known = KeyAction.grantable.map(\.rawValue).sorted().joined(separator: ", ")
            throw .invalidRequest("a grant gives some of \(known)")
        }
    }

    /// Requires that the key can do what the grant would allow.
    func check(fits key: KeyRecord) throws(KMSError) {
        let possible = KeyAction.possible(with: key)
        if let other = actions.subtracting(possible).map(\.rawValue).min() {
            throw .invalidRequest("\(other) is nothing that key '\(key.name)' of \(key.algorithm.rawValue) does")
        }
        guard constraint == nil || key.algorithm == .aes256GCM96 else {
            throw .invalidRequest("an encryption context is for keys of \(KeyAlgorithm.aes256GCM96.rawValue) only")
        }
    }

    /// Returns true if a grant is the one requested here.
    func matches(_ grant: Grant) -> Bool {
        ExactText(grant.name) == ExactText(name) && grant.grantee == grantee && grant.retiring == retiring
            && grant.actions == actions
            && grant.constraint == constraint
    }
}

extension KeyAction {
    /// Returns the actions that can be granted on a key.
    static func possible(with key: KeyRecord) -> Set<KeyAction> {
        let always: Set<KeyAction> = [.createGrant, .retireGrant, .describeKey]
        let own: Set<KeyAction> =
            switch (key.usage, key.algorithm.family) {
            case (.encryptDecrypt, .aes):
                [
                    .encrypt, .decrypt, .reEncryptFrom, .reEncryptTo, .generateDataKey,
                    .generateDataKeyWithoutPlaintext, .generateDataKeyPair, .generateDataKeyPairWithoutPlaintext,
                ]
            case (.encryptDecrypt, _): [.encrypt, .decrypt, .reEncryptFrom, .reEncryptTo, .getPublicKey]
            case (.signVerify, _): [.sign, .verify, .getPublicKey]
            case (.generateVerifyMAC, _): [.generateMac, .verifyMac]
            case (.keyAgreement, _): [.deriveSharedSecret, .getPublicKey]
            }
        return always.union(own)
    }
}

extension KeyService {
    /// Creates a grant, which lets a party perform some actions with one key, in addition to roles and access control.
    ///
    /// A holder of a grant for `createGrant` may pass on what that grant allows, and no more.
    ///
    /// - Returns: the grant, or an earlier one if the same was requested under the same name.
    public func createGrant(
        _ request: GrantRequest, on reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> (grant: Grant, key: KeyRecord) {
        try await withAudit(.createGrant, by: caller) { (operation) throws(KMSError) in
            try request.check()
            let key = try await operation.find(reference, with: .none)
            guard key.record.kind == .user else {
                throw .accessDenied(reason: "a service key belongs to its service")
            }
            try request.check(fits: key.record)
            try Self.requireHeld(request, of: key, among: try await grants(of: key.id))
            // Last, so that a caller without the permission to grant this does not learn who is in the directory.
            try await requireKnown([request.grantee, request.retiring].compactMap(\.self))
            if caller.isDryRun {
                return (Grant(request, issuer: caller.subject, at: clock.now), key.record)
            }
            let grant = try await changeGrants(of: key) { (grants) throws(KMSError) in
                try Self.requireHeld(request, of: key, among: grants)
                if !request.name.isEmpty, let known = grants.first(where: request.matches) { return known }
                let new = Grant(request, issuer: caller.subject, at: clock.now)
                grants.append(new)
                return new
            }
            operation.recorder.note { $0.details["grant"] = grant.id.description }
            return (grant, key.record)
        }
    }

    /// Returns the grants of a key, in the order of their creation.
    public func listGrants(
        of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) -> (grants: [Grant], key: KeyRecord) {
        try await withAudit(.listGrants, by: caller) { (operation) throws(KMSError) in
            let key = try await operation.find(reference, with: .none)
            return (try await grants(of: key.id), key.record)
        }
    }

    /// Returns the grants of a project that a party may retire, with the ids of their keys. It scans all grants of the project.
    ///
    /// For a key that is hidden from the caller, only grants that name the caller are listed, directly or by a group.
    public func listRetirableGrants(
        by retiring: AccessStatement.Party, for caller: Caller
    ) async throws(KMSError) -> [(key: KeyID, grant: Grant)] {
        try await withAudit(.listKeys, by: caller) { (operation) throws(KMSError) in
            guard caller.role == .manager || retiring.names(caller.principal, in: caller.project) else {
                throw .accessDenied(reason: "others' grants are listed for Managers")
            }
            let isOwn = retiring != .everyone && retiring.names(caller.principal, in: caller.project)
            var found: [(key: KeyID, grant: Grant)] = []
            try await eachRecord(KeyGrants.self, of: caller.project.text) { (record) throws(KMSError) in
                let grants = record.grants.filter { $0.retiring == retiring }
                guard !grants.isEmpty else { return }
                if !isOwn {
                    guard let key = try await records.key(record.keyID), key.project == caller.project,
                        case .allowed = AccessPolicy.decide(.listGrants, on: key, for: caller.principal)
                    else { return }
                }
                found += grants.map { (record.keyID, $0) }
            }
            return found
        }
    }

    /// Revokes a grant. Requires the permission to manage the key.
    ///
    /// - Throws: ``KMSError/grantNotFound(_:)``
    public func revokeGrant(
        _ id: GrantID, of reference: KeyReference, by caller: Caller
    ) async throws(KMSError) {
        try await withAudit(.revokeGrant, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note { $0.details["grant"] = id.description }
            try await end(id, of: try await operation.find(reference, with: .none))
        }
    }

    /// Retires a grant. Allowed for its retiring party, for its grantee if the grant allows it, and for managers of the key.
    ///
    /// - Throws: ``KMSError/grantNotFound(_:)``, ``KMSError/accessDenied(reason:)``
    public func retireGrant(
        _ id: GrantID, of keyID: KeyID, by caller: Caller
    ) async throws(KMSError) {
        try await withAudit(.retireGrant, by: caller) { (operation) throws(KMSError) in
            operation.recorder.note { $0.details["grant"] = id.description }
            let key = try await operation.find(keyID) { (key) throws(KMSError) in
                let found = try await grants(of: keyID).first { $0.id == id }
                let isForbidden = AccessPolicy.isForbidden([.retireGrant], on: key, for: caller.principal)
                guard let found, found.isRetirable(by: caller.principal, in: key.project), !isForbidden else {
                    return nil
                }
                return "grant \(id)"
            }
            try await end(id, of: key)
        }
    }

    /// Returns a grant that allows an operation which nothing else allows; `nil` if there is none.
    func grant(for operation: OperationContext, on key: KeyRecord) async throws(KMSError) -> Grant? {
        try await grant(
            operation.verb, operation.actions, with: operation.encryptionContext, on: key, to: operation.principal)
    }

    /// Returns a grant that allows a verb to a principal; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - actions: the actions of the verb that are meant; `nil` for all of them.
    ///   - context: the encryption context of the operation; `nil` if there is none.
    func grant(
        _ verb: Verb, _ actions: Set<KeyAction>? = nil, with context: EncryptionContext? = nil, on key: KeyRecord,
        to principal: Principal
    ) async throws(KMSError) -> Grant? {
        let actions = actions ?? verb.actions
        // The grant itself states which subjects may retire it.
        guard verb.isGrantable, verb != .retireGrant, key.kind == .user,
            actions.isSubset(of: KeyAction.grantable), !AccessPolicy.isForbidden(actions, on: key, for: principal)
        else { return nil }
        return try await grants(of: key.id).first {
            $0.allows(actions, with: context, for: principal, in: key.project)
        }
    }

    private func grants(of key: KeyID) async throws(KMSError) -> [Grant] {
        try await records.directoryRecord(KeyGrants.self, key.description)?.grants ?? []
    }

    private func end(_ id: GrantID, of key: AuthorizedKey) async throws(KMSError) {
        if key.operation.isDryRun {
            guard try await grants(of: key.id).contains(where: { $0.id == id }) else { throw .grantNotFound(id) }
            return
        }
        try await changeGrants(of: key) { (grants) throws(KMSError) in
            guard let place = grants.firstIndex(where: { $0.id == id }) else { throw .grantNotFound(id) }
            grants.remove(at: place)
        }
    }

    /// Requires that a caller who was admitted by a grant passes on no more than that grant allows.
    private static func requireHeld(
        _ request: GrantRequest, of key: AuthorizedKey, among grants: [Grant]
    ) throws(KMSError) {
        let principal = key.operation.principal
        if case .allowed = AccessPolicy.decide(.createGrant, on: key.record, for: principal) { return }
        let isHeld = grants.contains { held in
            held.grantee.names(principal, in: key.record.project) && held.actions.contains(.createGrant)
                && request.actions.isSubset(of: held.actions)
                && (held.constraint == nil || held.constraint == request.constraint)
        }
        guard isHeld else {
            throw .accessDenied(reason: "no grant of \(principal.subject) gives all that this one would")
        }
    }

    /// Reads the grants of a key, lets `edit` change them, and stores the result. It retries after a concurrent change.
    @discardableResult
    private func changeGrants<Result>(
        of key: AuthorizedKey, _ edit: (inout [Grant]) throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let operation = key.operation
        for _ in 0..<32 {
            let stored = try await records.directoryRecord(KeyGrants.self, key.id.description)
            var record = stored ?? KeyGrants(keyID: key.id, project: key.record.project, at: clock.now)
            let before = record.grants
            let result = try edit(&record.grants)
            guard record.grants != before else { return result }
            if stored != nil {
                record.revision += 1
                record.changedAt = clock.now
            }
            guard record.canonicalBytes.count <= DirectoryDocument.longestContent else {
                throw .limitReached("the grants of a key have at most 64 KiB; retire some first")
            }
            if try await operation.save(record) { return result }
        }
        throw .conflict
    }
}

extension Grant {
    fileprivate init(_ request: GrantRequest, issuer: SubjectID, at now: Timestamp) {
        self.init(
            id: GrantID(), name: request.name, grantee: request.grantee, retiring: request.retiring,
            actions: request.actions, constraint: request.constraint, issuer: issuer, createdAt: now,
            granteeText: request.granteeText, retiringText: request.retiringText)
    }
}
