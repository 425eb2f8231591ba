/// A request for a grant.
package struct GrantRequest: Sendable {
    package var name: String
    package var grantee: AccessStatement.Party
    package var retiring: AccessStatement.Party?
    package var actions: Set<KeyAction>
    package var constraint: GrantConstraint?
    /// The grantee and the retiring party as the caller writes them.
    package var granteeText: String
    package var retiringText: String

    package init(
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
        guard name.utf8.count <= Grant.maxNameLength, KeyDescription.isPlain(name) else {
            throw .invalidRequest("the name of a grant has at most \(Grant.maxNameLength) bytes")
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
            throw .invalidRequest("key '\(key.name)' of \(key.algorithm.rawValue) does not support \(other)")
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
    package func createGrant(
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
}

extension Grant {
    fileprivate init(_ request: GrantRequest, issuer: SubjectID, at now: Timestamp) {
        self.init(
            id: GrantID(), name: request.name, grantee: request.grantee, retiring: request.retiring,
            actions: request.actions, constraint: request.constraint, issuer: issuer, createdAt: now,
            granteeText: request.granteeText, retiringText: request.retiringText)
    }
}
