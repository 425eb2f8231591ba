/// The properties of a new credential.
package struct CredentialRequest: Sendable {
    /// The only project that it is valid for; `nil` for all projects of its subject.
    package var project: ProjectID?
    /// The number of days until it expires, 1 to 3,650; `nil` for never.
    package var days: Int?
    /// The networks from which it may be used; empty for all.
    package var networks: [Network]

    package static let maxLifetimeDays = 3650

    package init(project: ProjectID? = nil, days: Int? = nil, networks: [Network] = []) {
        self.project = project
        self.days = days
        self.networks = networks
    }

    func check() throws(KMSError) {
        if let days, !(1...Self.maxLifetimeDays).contains(days) {
            throw .invalidRequest("a credential lasts 1 to \(Self.maxLifetimeDays) days, not \(days)")
        }
        guard networks.count <= CredentialRecord.maxNetworks else {
            throw .invalidRequest("a credential names at most \(CredentialRecord.maxNetworks) networks")
        }
    }
}

/// A newly issued credential. Its token exists nowhere else.
package struct IssuedCredential: Sendable {
    package let record: CredentialRecord
    package let token: BearerToken
}

extension KeyService {
    /// Issues a bearer token for a subject. If a policy names the subject as an approver, the token itself needs approval.
    package func issueCredential(
        for subject: SubjectID, _ request: CredentialRequest = CredentialRequest(), by principal: Principal
    ) async throws(KMSError) -> IssuedCredential {
        try await withAudit(.issueCredential, by: principal, details: ["target": subject.text]) {
            (operation) throws(KMSError) in
            try request.check()
            _ = try await knownSubject(subject)
            if let project = request.project { _ = try await knownProject(project) }
            try await operation.requireApproval(of: .issueCredential(for: subject, request))
            let issued = try await makeCredential(for: subject, request)
            operation.recorder.note { $0.details["credential"] = issued.record.id.text }
            try await operation.addToDirectory(issued.record)
            return issued
        }
    }

    func makeCredential(
        for subject: SubjectID, _ request: CredentialRequest
    ) async throws(KMSError) -> IssuedCredential {
        let random = try await tokenInformation.random(byteCount: 32)
        let bearer = BearerToken(randomBytes: random)
        let now = clock.now
        let record = CredentialRecord(
            hash: bearer.hash, subject: subject, project: request.project,
            expiresAt: request.days.map { now.adding(days: $0) }, networks: request.networks, at: now)
        return IssuedCredential(record: record, token: bearer)
    }
}
