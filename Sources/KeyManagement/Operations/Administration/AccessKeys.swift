/// What a new access key shall be.
public struct AccessKeyRequest: Sendable {
    /// In whose projects it is good; nil for the only account in whose projects the subject has a role.
    public var account: AccountNumber?
    /// After how many days it expires, 1 to 3,650; nil for never.
    public var days: Int?
    /// From where it may be used; empty for from everywhere.
    public var networks: [Network]

    public init(account: AccountNumber? = nil, days: Int? = nil, networks: [Network] = []) {
        self.account = account
        self.days = days
        self.networks = networks
    }

    func check() throws(KMSError) {
        try CredentialRequest(days: days, networks: networks).check()
    }
}

/// An access key that was just made. Its secret is nowhere else, but in the token.
public struct IssuedAccessKey: Sendable {
    public let record: AccessKeyRecord
    public let secret: AccessKeySecret
    /// Where one of the subject's projects is in the account; nil when it has none there.
    public let region: Region?
}

extension KeyService {
    /// Makes an access key for a subject. For one whose approval something needs, that needs approval itself.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` when no account is given and the subject has roles in projects of none, or of several.
    public func createAccessKey(
        for subject: SubjectID, _ request: AccessKeyRequest = AccessKeyRequest(), by principal: Principal
    ) async throws(KMSError) -> IssuedAccessKey {
        let details = ["target": subject.text]
        return try await perform(.issueCredential, by: principal, details) { (notes) throws(KMSError) in
            try request.check()
            let holder = try await knownSubject(subject)
            let locations = try await locations(of: holder)
            let account = try Self.account(request.account, of: subject, in: locations)
            let region = locations.filter { $0.account == account }.map(\.region).min()
            notes.note { $0.details["account"] = account.text }
            try await requireApproval(ofAccessKeyFor: subject, in: account, request, by: principal, notes)
            // Whoever was faster may have made new roots, or have the same id.
            for _ in 0..<8 {
                let issued = try await makeAccessKey(for: subject, in: account, region, request)
                notes.note { $0.details["accessKey"] = issued.record.id.text }
                if try await save(issued.record, .issueCredential, by: principal, notes) { return issued }
            }
            throw .conflict
        }
    }

    /// The access keys of a subject, those that are disabled, were deleted or have expired, too.
    public func listAccessKeys(
        of subject: SubjectID, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<AccessKeyRecord> {
        try await perform(.readCredentials, by: principal, ["target": subject.text]) { (_) throws(KMSError) in
            _ = try await knownSubject(subject)
            return try await listDirectory(
                AccessKeyRecord.self, ["access-keys", subject.text], of: subject.text, after: cursor, limit: limit,
                for: principal
            ) { _ in true }
        }
    }

    /// Makes an access key worth nothing for now, or something again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when it was deleted.
    public func setAccessKeyStatus(
        _ id: AccessKeyID, enabled: Bool, by principal: Principal
    ) async throws(KMSError) -> AccessKeyRecord {
        let verb = enabled ? Verb.issueCredential : .revokeCredential
        return try await perform(verb, by: principal, ["accessKey": id.text]) { (notes) throws(KMSError) in
            if enabled { try await requireApproval(toEnable: id, by: principal, notes) }
            let status = enabled ? DirectoryStatus.enabled : .disabled
            return try await changeAccessKey(id, verb, by: principal, notes) { (key) throws(KMSError) in
                guard key.status != .deleted else { throw .stateForbids("access key \(id) was deleted") }
                guard key.status != status else { return false }
                key.status = status
                return true
            }
        }
    }

    /// Makes an access key worth nothing, from now on: its secret is dropped. Its id is not given again.
    public func deleteAccessKey(_ id: AccessKeyID, by principal: Principal) async throws(KMSError) -> AccessKeyRecord {
        try await perform(.revokeCredential, by: principal, ["accessKey": id.text]) { (notes) throws(KMSError) in
            try await changeAccessKey(id, .revokeCredential, by: principal, notes) { (key) throws(KMSError) in
                guard key.status != .deleted else { return false }
                key.status = .deleted
                key.wrapped = nil
                return true
            }
        }
    }

    private func changeAccessKey(
        _ id: AccessKeyID, _ verb: Verb, by principal: Principal, _ notes: ActNotes,
        _ edit: (inout AccessKeyRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> AccessKeyRecord {
        let changed = try await changeDirectory(
            AccessKeyRecord.self, id.text, verb, by: principal, notes, notFound: .accessKeyNotFound(id)
        ) { (key) throws(KMSError) in
            let subject = key.subject
            notes.note { $0.details["target"] = subject.text }
            return try edit(&key)
        }
        signingKeys.forget(id)
        if changed.status != .enabled { await token.forget(changed.keptAs) }
        return changed
    }

    private func requireApproval(toEnable id: AccessKeyID, by principal: Principal, _ notes: ActNotes)
        async throws(KMSError)
    {
        guard let key = try await records.directoryRecord(AccessKeyRecord.self, id.text) else {
            throw .accessKeyNotFound(id)
        }
        guard key.status == .disabled else { return }
        try await requireApproval(
            ofCredentialFor: key.subject, ["accessKey": id.text, "change": "enable"], by: principal, notes)
    }
}

extension KeyService {
    private func makeAccessKey(
        for subject: SubjectID, in account: AccountNumber, _ region: Region?, _ request: AccessKeyRequest
    ) async throws(KMSError) -> IssuedAccessKey {
        let (secret, wrapped) = try await makeSecret()
        let now = clock.now
        let record = AccessKeyRecord(
            id: .random(), subject: subject, account: account, expiresAt: request.days.map { now.adding(days: $0) },
            networks: request.networks, handle: KeyID(), wrapped: wrapped, at: now)
        return IssuedAccessKey(record: record, secret: secret, region: region)
    }

    /// A secret of the first length that the token wraps.
    private func makeSecret() async throws(KMSError) -> (AccessKeySecret, WrappedKey) {
        var refusal = TokenError.unsupported("the token wraps no secrets that were made outside")
        for length in AccessKeySecret.lengths {
            let random = try await atToken { () throws(TokenError) in try await token.random(byteCount: length) }
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

    /// Where the projects are in which a subject has a role, of its own or of its groups.
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
