/// The properties of a new credential.
public struct CredentialRequest: Sendable {
    /// The only project that it is valid for; `nil` for all projects of its subject.
    public var project: ProjectID?
    /// The number of days until it expires, 1 to 3,650; `nil` for never.
    public var days: Int?
    /// The networks from which it may be used; empty for all.
    public var networks: [Network]

    public static let longestLifetime = 3650

    public init(project: ProjectID? = nil, days: Int? = nil, networks: [Network] = []) {
        self.project = project
        self.days = days
        self.networks = networks
    }

    func check() throws(KMSError) {
        if let days, !(1...Self.longestLifetime).contains(days) {
            throw .invalidRequest("a credential lasts 1 to \(Self.longestLifetime) days, not \(days)")
        }
        guard networks.count <= CredentialRecord.mostNetworks else {
            throw .invalidRequest("a credential names at most \(CredentialRecord.mostNetworks) networks")
        }
    }
}

/// A newly issued credential. Its token exists nowhere else.
public struct IssuedCredential: Sendable {
    public let record: CredentialRecord
    public let token: BearerToken
}

/// A credential as it appears in a list.
public struct ListedCredential: Sendable {
    public let record: CredentialRecord
    public let lastUsedAt: Timestamp?
}

extension KeyService {
    /// Issues a bearer token for a subject. If a policy names the subject as an approver, the token itself needs approval.
    public func issueCredential(
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

    /// Returns the credentials of a subject, including those that were revoked or have expired.
    public func listCredentials(
        of subject: SubjectID, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<ListedCredential> {
        try await withAudit(.readCredentials, by: principal, details: ["target": subject.text]) {
            (_) throws(KMSError) in
            _ = try await knownSubject(subject)
            await storeCounts()
            let page = try await listDirectory(
                CredentialRecord.self, ["credentials", subject.text], of: subject.text, after: cursor, limit: limit,
                for: principal
            ) { _ in true }
            var listed: [ListedCredential] = []
            for record in page.items {
                let lastUse = try await atStore { () throws(StoreError) in try await reader.lastUse(of: record.hash) }
                listed.append(ListedCredential(record: record, lastUsedAt: lastUse))
            }
            return Page(items: listed, next: page.next)
        }
    }

    /// Revokes a credential.
    public func revokeCredential(_ id: CredentialID, by principal: Principal) async throws(KMSError) -> CredentialRecord
    {
        try await withAudit(.revokeCredential, by: principal, details: ["credential": id.text]) {
            (operation) throws(KMSError) in
            for _ in 0..<8 {
                guard var credential = try await credential(id) else { throw .credentialNotFound(id) }
                operation.recorder.note { $0.details["target"] = credential.subject.text }
                guard credential.revokedAt == nil else { return credential }
                credential.revokedAt = clock.now
                credential.revision += 1
                if try await operation.save(credential) { return credential }
            }
            throw .conflict
        }
    }

    /// Returns a credential by its id; `nil` if it does not exist.
    func credential(_ id: CredentialID) async throws(KMSError) -> CredentialRecord? {
        // Keys are the hashes in hexadecimal digits. The first key at or after the id must begin with it.
        let stored = try await records.read { () throws(StoreError) in
            try await reader.documents(.credential, of: nil, after: id.text, limit: 1)
        }
        let found: [CredentialRecord] = try await records.verified(stored)
        return found.first.flatMap { $0.id == id ? $0 : nil }
    }
}
