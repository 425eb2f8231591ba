/// A guarded operation that was checked against its policy, and the id of the key that it was checked for.
struct Judgement: Hashable, Sendable {
    let operation: GuardedOperation
    /// `nil` for what is not about a key.
    let key: String?
}

extension Verb {
    /// The guarded operations whose effect the verb can have, each with the condition under which it has it. What has the effect needs
    /// the approvals, by whatever verb and on whichever door it is asked for.
    ///
    /// Not guarded, although they bear on who can do these things: roles, groups and subjects, which are administration and no operation on
    /// a key; that too few approvers are left is refused, see ``Oversight``. Nor what takes the token's PIN, because the PIN stands above
    /// the service.
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
        // By the token's PIN.
        case .recoverAdministrator, .resetApprovalPolicy, .acceptOlderStore, .adoptState: [:]
        // A version or key that is deleted here has nothing left to lose, or can be brought back.
        case .deleteKey, .changeState, .rotateKey, .createKey, .updateKey: [:]
        // Administration.
        case .changeProject, .changeSubject, .changeGroup, .changeRole, .revokeCredential: [:]
        // Grants and aliases give no control of a key.
        case .changeAlias, .createGrant, .retireGrant, .revokeGrant: [:]
        case .requestApproval, .decideApproval, .useApproval: [:]
        case .listKeys, .describeKey, .issueDataKey, .encrypt, .decrypt, .reEncrypt, .sign, .verify, .generateMAC,
            .verifyMAC, .deriveSharedSecret, .generateRandom, .readPublicKey, .listAliases, .listGrants,
            .obtainServiceKey, .authenticate, .whoAmI, .listRoles, .explainAccess, .readDirectory, .readCredentials,
            .readAudit, .readRoots, .rewrapKeys, .verifyStore, .reportCustody, .readApprovals:
            [:]
        }
    }
}

extension Act {
    /// Checks, before a change of a key is stored, that its effects were checked against their approval policies, for this key. A verb
    /// that forgets to ask stores nothing.
    ///
    /// - Throws: ``KMSError/conflict`` when the key was changed between the check and the change, so that the effect is a new one.
    func requireJudged(_ effects: Set<GuardedOperation>, on key: KeyID) throws(KMSError) {
        // What is due was approved when it was scheduled.
        guard caller.principal.kind != .system else { return }
        let judgements = notes.current.judgements
        for effect in effects where !judgements.contains(Judgement(operation: effect, key: key.description)) {
            guard verb.guardedEffects[effect] == nil else { throw .conflict }
            throw .internalFailure(
                "\(verb.rawValue) has the effect of \(effect.rawValue), which it is not known to have")
        }
    }
}

extension KeyRecord {
    /// The guarded operations that a change of this record into another amounts to.
    func guardedEffects(of after: KeyRecord) -> Set<GuardedOperation> {
        var effects: Set<GuardedOperation> = []
        if after.availability == .pendingDeletion, availability != .pendingDeletion { effects.insert(.destroy) }
        if after.versions.lost > versions.lost { effects.insert(.destroy) }
        if after.owner != owner || access.givesControl(to: after.access, owner: owner) { effects.insert(.changeOwner) }
        return effects
    }
}

extension VersionLedger {
    /// How many versions are destroyed, or will be.
    fileprivate var lost: UInt32 { count(of: .pendingDestruction) + count(of: .destroyed) }
}

extension KeyAccess {
    /// Who, of those whose role is enough, may change a key's access.
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

    /// Whether a change to another access lets a subject change the access that could not before. Members of groups are not looked up:
    /// a group or a subject that was not named counts as new.
    ///
    /// - Parameter owner: the key's owner, who can always change it.
    func givesControl(to other: KeyAccess, owner: SubjectID?) -> Bool {
        let (before, after) = (control, other.control)
        guard before.denied.isSubset(of: after.denied) else { return true }
        if before.parties.contains(.everyone) { return false }
        let known = before.parties.union(owner.map { [.subject($0)] } ?? [])
        return !after.parties.isSubset(of: known)
    }
}
