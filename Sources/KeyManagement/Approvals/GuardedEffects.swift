/// A guarded operation that was checked against its policy, and the id of the key that it was checked for.
struct Judgement: Hashable, Sendable {
    let operation: GuardedOperation
    /// The id of the key; `nil` if the operation does not concern a key.
    let key: KeyID?
}

extension Verb {
    /// The guarded operations whose effect the verb can have, each with its condition. An effect needs the approvals, whatever
    /// the verb and the door.
    ///
    /// Roles, groups and subjects are not guarded, although they bear on these permissions: they are administration, not
    /// operations on a key. A change that leaves too few approvers is refused, see ``Oversight``. Operations with the token's
    /// PIN are not guarded either, because the PIN stands above the service.
    var guardedEffects: [GuardedOperation: String] {
        switch self {
        case .destroy:
            [.destroy: "it schedules a destruction or a deletion, or erases imported material; cancelling is free"]
        case .importKey: [.destroy: "the material has an expiry, and is erased then"]
        case .changeOwner: [.changeOwner: "always"]
        case .changeAccess: [.changeOwner: "a subject can change the key's access that could not before"]
        case .rotateRoots: [.rotateRoots: "always"]
        case .retireRoots: [.retireRoots: "the roots are not destroyed yet"]
        case .changeApprovalPolicy: [.changePolicy: "a policy is in force"]
        case .issueCredential: [.changePolicy: "the subject is an approver of a policy in force"]
        // Authorised by the token's PIN.
        case .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState: [:]
        // A version or key that is deleted here has no material left, or can be restored.
        case .deleteKey, .changeState, .rotateKey, .createKey, .updateKey: [:]
        // Administration.
        case .changeProject, .changeSubject, .changeGroup, .changeRole, .revokeCredential: [:]
        // Grants and aliases give no control of a key.
        case .changeAlias, .createGrant, .retireGrant, .revokeGrant: [:]
        case .requestApproval, .decideApproval, .useApproval: [:]
        case .listKeys, .describeKey, .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC,
            .verifyMAC, .deriveSharedSecret, .generateRandom, .readPublicKey, .readKeyUsage, .listAliases, .listGrants,
            .obtainServiceKey, .authenticate, .whoAmI, .listRoles, .explainAccess, .readDirectory, .readCredentials,
            .readAudit, .readRoots, .rewrapKeys, .verifyStore, .reportCustody, .readApprovals:
            [:]
        }
    }
}

extension OperationContext {
    /// Requires that the effects of a change were checked against their approval policies for this key, before the change is
    /// stored. A verb that omits the check stores nothing.
    ///
    /// - Throws: ``KMSError/conflict`` if the key changed between the check and the change, so that the effect is a new one.
    func requireJudged(_ effects: Set<GuardedOperation>, on key: KeyID) throws(KMSError) {
        // Due tasks were approved when they were scheduled.
        guard principal.kind != .system else { return }
        let judgements = recorder.current.judgements
        for effect in effects where !judgements.contains(Judgement(operation: effect, key: key)) {
            guard verb.guardedEffects[effect] == nil else { throw .conflict }
            throw .internalFailure(
                "\(verb.rawValue) has the effect of \(effect.rawValue), which it is not known to have")
        }
    }
}

extension KeyRecord {
    /// Returns the guarded operations that a change of this record into another amounts to.
    func guardedEffects(of after: KeyRecord) -> Set<GuardedOperation> {
        var effects: Set<GuardedOperation> = []
        if after.availability == .pendingDeletion, availability != .pendingDeletion { effects.insert(.destroy) }
        if after.versions.lost > versions.lost { effects.insert(.destroy) }
        if after.owner != owner || access.givesControl(to: after.access, owner: owner) { effects.insert(.changeOwner) }
        return effects
    }
}

extension VersionLedger {
    /// The number of versions that are destroyed, or scheduled for destruction.
    fileprivate var lost: UInt32 { count(of: .pendingDestruction) + count(of: .destroyed) }
}

extension KeyAccess {
    /// The subjects with a sufficient role that may change a key's access.
    private struct Control {
        var parties: Set<AccessStatement.Party>
        var denied: Set<AccessStatement.Party> = []
    }

    private var control: Control {
        switch self {
        case .byRole: return Control(parties: [.everyone])
        case .restricted(let list):
            return Control(parties: Set(list.subjects.map { .subject($0) } + list.groups.map { .group($0) }))
        case .policy(let policy):
            var control = Control(parties: [])
            for statement in policy.statements where statement.actions.contains(.putKeyPolicy) {
                switch statement.effect {
                case .allow: control.parties.formUnion(statement.parties)
                case .deny: control.denied.formUnion(statement.parties)
                }
            }
            return control
        }
    }

    /// Returns true if another access lets a subject change the access that could not before. Group members are not looked up:
    /// a group or a subject that was not named counts as new.
    ///
    /// - Parameters:
    ///   - other: the access to compare with.
    ///   - owner: the key's owner, who can always change it.
    func givesControl(to other: KeyAccess, owner: SubjectID?) -> Bool {
        let (before, after) = (control, other.control)
        guard before.denied.isSubset(of: after.denied) else { return true }
        if before.parties.contains(.everyone) { return false }
        let known = before.parties.union(owner.map { [.subject($0)] } ?? [])
        return !after.parties.isSubset(of: known)
    }
}
