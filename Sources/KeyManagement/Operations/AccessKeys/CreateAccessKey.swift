/// The properties of a new access key.
package struct AccessKeyRequest: Sendable {
    /// The account in whose projects it is valid; `nil` for the only account in whose projects the subject has a role.
    package var account: AccountNumber?
    /// The number of days until it expires, 1 to 3,650; `nil` for never.
    package var days: Int?
    /// The networks from which it may be used; empty for all.
    package var networks: [Network]

    package init(account: AccountNumber? = nil, days: Int? = nil, networks: [Network] = []) {
        self.account = account
        self.days = days
        self.networks = networks
    }

    func check() throws(KMSError) {
        try CredentialRequest(days: days, networks: networks).check()
    }
}

/// A newly created access key. Its secret exists nowhere else, except in wrapped form for the token.
package struct IssuedAccessKey: Sendable {
    package let record: AccessKeyRecord
    package let secret: AccessKeySecret
    /// The region of one of the subject's projects in the account; `nil` if the subject has none there.
    package let region: Region?
}

extension KeyService {
    /// Creates an access key for a subject. If a policy names the subject as an approver, the access key itself needs approval.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if no account is given and the subject has roles in projects of no account, or
    ///   of several.
    package func createAccessKey(
        for subject: SubjectID, _ request: AccessKeyRequest = AccessKeyRequest(), by principal: Principal
    ) async throws(KMSError) -> IssuedAccessKey {
        let details = ["target": subject.text]
        return try await withAudit(.issueCredential, by: principal, details: details) { (operation) throws(KMSError) in
            try request.check()
            let holder = try await knownSubject(subject)
            let locations = try await locations(of: holder)
            let account = try Self.account(request.account, of: subject, in: locations)
            let region = locations.filter { $0.account == account }.map(\.region).min()
            operation.recorder.note { $0.details["account"] = account.text }
            try await operation.requireApproval(of: .issueAccessKey(for: subject, in: account, request))
            // A concurrent change may have made new roots, or taken the same id.
            for _ in 0..<8 {
                let issued = try await operation.makeAccessKey(for: subject, in: account, region, request)
                operation.recorder.note { $0.details["accessKey"] = issued.record.id.text }
                if try await operation.save(issued.record) { return issued }
            }
            throw .conflict
        }
    }
}

extension OperationContext {
    fileprivate func makeAccessKey(
        for subject: SubjectID, in account: AccountNumber, _ region: Region?, _ request: AccessKeyRequest
    ) async throws(KMSError) -> IssuedAccessKey {
        let (secret, wrapped) = try await makeSecret()
        let record = AccessKeyRecord(
            id: .random(), subject: subject, account: account, expiresAt: request.days.map { now.adding(days: $0) },
            networks: request.networks, handle: KeyID(), wrapped: wrapped, at: now)
        return IssuedAccessKey(record: record, secret: secret, region: region)
    }

    /// Generates a secret of the first length that the token can wrap.
    private func makeSecret() async throws(KMSError) -> (AccessKeySecret, WrappedKey) {
        var refusal = TokenError.unsupported("the token wraps no secrets that were made outside")
        for length in AccessKeySecret.lengths {
            let random = try await service.tokenInformation.random(byteCount: length)
            let secret = AccessKeySecret(randomBytes: random)
            do throws(TokenError) {
                return (secret, try await token.wrapSecret(secret.signingSecret))
            } catch {
                guard case .unsupported = error else { throw KMSError(error) }
                refusal = error
            }
        }
        throw KMSError(refusal)
    }
}

extension KeyService {
    /// Returns the locations of the projects in which a subject has a role, directly or through its groups.
    private func locations(of subject: SubjectRecord) async throws(KMSError) -> [ProjectLocation] {
        let profile = try await records.profile(
            subject.id, kind: .subject(subject.subjectKind), isAdministrator: false, groups: subject.groups,
            roles: subject.roles)
        var locations: [ProjectLocation] = []
        for project in profile.roles.byProject.keys {
            if let location = try await location(of: project) { locations.append(location) }
        }
        return locations
    }

    private static func account(
        _ given: AccountNumber?, of subject: SubjectID, in locations: [ProjectLocation]
    ) throws(KMSError) -> AccountNumber {
        if let given { return given }
        let accounts = Set(locations.map(\.account))
        guard let account = accounts.first, accounts.count == 1 else {
            let which = accounts.isEmpty ? "no project that has an account" : "projects of \(accounts.count) accounts"
            throw .invalidRequest("'\(subject)' has roles in \(which), so name one: account, or --account")
        }
        return account
    }
}
