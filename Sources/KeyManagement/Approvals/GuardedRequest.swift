/// A request that approval policies guard, with everything that is approved: keys by their ids, never by names.
///
/// A new guarded request is a case of this type. The compiler then asks for its policy and its parameters.
enum GuardedRequest: Sendable {
    /// - Parameter days: the waiting period; `nil` for the standard one.
    case scheduleDeletion(of: KeyID, days: Int?, note: ChangeNote?)
    case scheduleDestruction(of: VersionID, days: Int?, note: ChangeNote?)
    case eraseMaterial(of: KeyID, note: ChangeNote?)
    /// Importing material that is erased when it expires.
    ///
    /// - Parameter version: the version that it is for; `nil` for a new one.
    case importMaterial(into: KeyID, version: VersionNumber?, expiresAt: Timestamp)
    case changeOwner(of: KeyID, to: SubjectID)
    /// A change of access that gives control of the key to another subject.
    case changeAccess(of: KeyID, to: KeyAccess)
    case rotateRoots(to: RootEpoch)
    case retireRoots(RootEpoch)
    case changePolicy(PolicyChange)
    /// A credential of an approver is guarded, because its issuer could approve with it in the approver's name.
    case issueCredential(for: SubjectID, CredentialRequest)
    case issueAccessKey(for: SubjectID, in: AccountNumber, AccessKeyRequest)
    case enableAccessKey(AccessKeyID, of: SubjectID)

    /// A new approval policy of an operation.
    struct PolicyChange: Hashable, Sendable {
        let operation: GuardedOperation
        let required: Int
        let approvers: Set<SubjectID>
        let hours: Int
        /// The revision of the policy that is replaced; `nil` if there is none. An approval is not valid for a later revision.
        var revision: UInt64?
    }

    /// The act whose policies guard the request.
    var act: GuardedAct {
        switch self {
        case .scheduleDeletion, .scheduleDestruction, .eraseMaterial, .importMaterial: .operation(.destroy)
        case .changeOwner, .changeAccess: .operation(.changeOwner)
        case .rotateRoots: .operation(.rotateRoots)
        case .retireRoots: .operation(.retireRoots)
        case .changePolicy: .policyChange
        case .issueCredential(let subject, _), .issueAccessKey(let subject, _, _), .enableAccessKey(_, let subject):
            .credential(subject)
        }
    }

    /// The id of the key that the request concerns; `nil` if it concerns none.
    var key: KeyID? {
        switch self {
        case .scheduleDeletion(let key, _, _), .eraseMaterial(let key, _), .importMaterial(let key, _, _),
            .changeOwner(let key, _), .changeAccess(let key, _):
            key
        case .scheduleDestruction(let version, _, _): version.key
        case .rotateRoots, .retireRoots, .changePolicy, .issueCredential, .issueAccessKey, .enableAccessKey: nil
        }
    }

    /// All that is approved, by name, as an approval record stores and shows it. Two requests
    /// are the same if these, the operation and the project are equal.
    var parameters: [String: String] {
        var parameters = ownParameters
        if let key { parameters["key"] = key.description }
        if case .credential(let subject) = act { parameters[GuardedAct.credentialParameter] = subject.text }
        return parameters
    }

    private var ownParameters: [String: String] {
        switch self {
        case .scheduleDeletion(_, let days, let note): ["days": days.text("standard")].with(note)
        case .scheduleDestruction(let version, let days, let note):
            ["version": version.number.description, "days": days.text("standard")].with(note)
        case .eraseMaterial(_, let note): ["material": "imported"].with(note)
        case .importMaterial(_, let version, let expiry):
            ["version": version?.description ?? "new", "expiresAt": expiry.description]
        case .changeOwner(_, let owner): ["owner": owner.text]
        case .changeAccess(_, let access): ["access": String(access.summary.prefix(512)), "digest": access.digest]
        case .rotateRoots(let epoch), .retireRoots(let epoch): ["epoch": epoch.description]
        case .changePolicy(let change): change.parameters
        case .issueCredential(_, let request):
            [
                "project": request.project?.text ?? "any", "days": request.days.text("unlimited"),
                "networks": request.networks.map(\.description).joined(separator: ","),
            ]
        case .issueAccessKey(_, let account, let request):
            [
                "accessKey": "new", "account": account.text, "days": request.days.text("unlimited"),
                "networks": request.networks.map(\.description).joined(separator: ","),
            ]
        case .enableAccessKey(let id, _): ["accessKey": id.text, "change": "enable"]
        }
    }
}

extension GuardedRequest.PolicyChange {
    var parameters: [String: String] {
        var parameters = details
        if let revision { parameters["revision"] = "\(revision)" }
        return parameters
    }

    /// The parameters without the revision, for the audit log.
    var details: [String: String] {
        [
            "operation": operation.rawValue, "required": "\(required)", "hours": "\(hours)",
            "approvers": approvers.sorted().map(\.text).joined(separator: ","),
        ]
    }
}

extension Int? {
    fileprivate func text(_ none: String) -> String { map(String.init) ?? none }
}

extension [String: String] {
    /// Adds the reason for a change, which is part of what is approved.
    fileprivate func with(_ note: ChangeNote?) -> [String: String] {
        guard let note else { return self }
        return merging(["reason": note.reason.rawValue, "comment": note.comment.text]) { first, _ in first }
    }
}
