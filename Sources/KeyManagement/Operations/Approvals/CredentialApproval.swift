extension KeyService {
    /// Requires approval of a new credential for a subject that a policy names as an approver.
    ///
    /// Otherwise an administrator could issue the credential to themselves and approve in the subject's name.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ request: CredentialRequest, for operation: OperationContext
    ) async throws(KMSError) {
        let parameters = [
            "project": request.project?.text ?? "any", "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, for: operation)
    }

    /// Requires approval of a new access key for a subject that a policy names as an approver.
    func requireApproval(
        ofAccessKeyFor subject: SubjectID, in account: AccountNumber, _ request: AccessKeyRequest,
        for operation: OperationContext
    ) async throws(KMSError) {
        let parameters = [
            "accessKey": "new", "account": account.text, "days": request.days.map(String.init) ?? "unlimited",
            "networks": request.networks.map(\.description).joined(separator: ","),
        ]
        try await requireApproval(ofCredentialFor: subject, parameters, for: operation)
    }

    /// Requires approval of a credential with these parameters.
    ///
    /// - Parameter parameters: the properties of the credential.
    func requireApproval(
        ofCredentialFor subject: SubjectID, _ parameters: [String: String], for operation: OperationContext
    ) async throws(KMSError) {
        var parameters = parameters
        parameters[GuardedAct.credentialParameter] = subject.text
        try await requireApproval(of: .credential(subject), parameters, for: operation)
    }
}
