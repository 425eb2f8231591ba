extension KeyService {
    /// A credential of a subject that some policy names as an approver needs approval itself: an administrator who issued it to themselves
    /// could approve in the subject's name.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ request: CredentialRequest, by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let parameters = [
            "project": request.project?.text ?? "any", "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, by: principal, notes)
    }

    /// The same for an access key.
    func requireApproval(
        ofAccessKeyFor subject: SubjectID, in account: AccountNumber, _ request: AccessKeyRequest,
        by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        let parameters = [
            "accessKey": "new", "account": account.text, "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, by: principal, notes)
    }

    /// - Parameter parameters: what the credential shall be.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ parameters: [String: String], by principal: Principal, _ notes: ActNotes
    ) async throws(KMSError) {
        var parameters = parameters
        parameters[GuardedAct.credentialParameter] = subject.text
        try await requireApproval(of: .credential(subject), parameters, by: principal, notes)
    }
}
