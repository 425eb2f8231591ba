import Encodings
import Synchronization

extension VerifiedRecords {
    /// Returns a verified directory record; `nil` if it does not exist.
    func directoryRecord<Record: DirectoryRecord>(
        _ type: Record.Type, _ key: String
    ) async throws(KMSError) -> Record? {
        try await confirm()
        let name = RecordCache.DocumentName(kind: Record.kind, key: key)
        let (known, moment) = cache.withLock { ($0.current(name), $0.moment) }
        if let known { return known as? Record }
        guard let stored = try await newestDocument(name.kind, name.key) else { return nil }
        if let known = cache.withLock({ $0.known(stored, as: name) }) {
            cache.withLock { $0.keep(.init(sealed: stored, record: known), as: name, readAt: moment) }
            return known as? Record
        }
        let record: Record = try await verified(stored, key: key)
        await dropSecretOutOfUse(of: record)
        cache.withLock { $0.keep(.init(sealed: stored, record: record), as: name, readAt: moment) }
        return record
    }

    /// Returns what the store has for a bearer token of this hash; `nil` if there is no such token, or its subject is not
    /// enabled.
    func standing(of hash: CredentialHash) async throws(KMSError) -> ResolvedCredential? {
        try await confirm()
        let (known, moment) = cache.withLock { ($0.currentStanding(of: hash), $0.moment) }
        if let known { return known }
        guard let credential = try await directoryRecord(CredentialRecord.self, Hexadecimal.text(hash.bytes)),
            credential.hash == hash, let profile = try await profile(of: credential.subject)
        else { return nil }
        let standing = ResolvedCredential(credential, of: profile)
        cache.withLock { $0.keep(standing, readAt: moment) }
        return standing
    }

    /// Returns the present profile of a subject, with the roles of its groups; `nil` if the subject does not exist or is not
    /// enabled.
    func profile(of subject: SubjectID) async throws(KMSError) -> Profile? {
        try await confirm()
        let (known, moment) = cache.withLock { ($0.currentProfile(of: subject), $0.moment) }
        if let known { return known }
        guard let record = try await directoryRecord(SubjectRecord.self, subject.text), record.status == .enabled else {
            return nil
        }
        let profile = try await profile(
            subject, kind: .subject(record.subjectKind), isAdministrator: record.isAdministrator,
            groups: record.groups, roles: record.roles)
        cache.withLock { $0.keep(profile, readAt: moment) }
        return profile
    }

    /// Combines a subject's own roles with those of its groups. Deleted groups and projects contribute nothing.
    func profile(
        _ subject: SubjectID, kind: PrincipalKind, isAdministrator: Bool, groups: Set<GroupID>, roles: RoleGrants
    ) async throws(KMSError) -> Profile {
        var roles = roles
        var enabled: Set<GroupID> = []
        for group in groups {
            guard let record = try await directoryRecord(GroupRecord.self, group.text), record.status == .enabled
            else { continue }
            enabled.insert(group)
            roles = roles.united(with: record.roles)
        }
        for project in roles.byProject.keys {
            let record = try await directoryRecord(ProjectRecord.self, project.text)
            if record?.status != .enabled { _ = roles.revoke(in: project) }
        }
        return Profile(
            subject: subject, kind: kind, isAdministrator: isAdministrator, groups: enabled, roles: roles)
    }

    /// Verifies documents for a list, without caching them. A document that changed since it was read is read again.
    func verified<Record: DirectoryRecord>(_ documents: [Sealed<DirectoryDocument>]) async throws(KMSError) -> [Record]
    {
        try await verify(documents.map(claim))
        let generation = cache.withLock { $0.moment.generation }
        var records: [Record] = []
        for document in documents {
            var document = document
            if try await state.check([document.unverified.stateClaim], in: generation) != nil {
                let (kind, key) = (document.unverified.kind, document.unverified.key)
                guard let newer = try await newestDocument(kind, key) else { continue }
                try await verify([claim(newer)])
                document = newer
            }
            guard let record = document.unverified.record(Record.self) else {
                throw tampered(document.unverified.sealedName)
            }
            records.append(record)
        }
        return records
    }

    private func verified<Record: DirectoryRecord>(
        _ document: Sealed<DirectoryDocument>, key: String
    ) async throws(KMSError) -> Record {
        try await verify([claim(document)])
        guard let record = document.unverified.record(Record.self), record.key == key else {
            throw tampered(document.unverified.sealedName)
        }
        return record
    }

    /// Returns the newest document of a name; `nil` if it does not exist. Its seal is not verified.
    func newestDocument(_ kind: DirectoryKind, _ key: String) async throws(KMSError) -> Sealed<DirectoryDocument>? {
        try await newest { () throws(StoreError) in
            try await store.document(kind, key)
        } claims: { stored in
            [stored?.unverified.stateClaim ?? .absent(.document(kind, key), "\(kind.rawValue) \(key)")]
        }
    }
}
