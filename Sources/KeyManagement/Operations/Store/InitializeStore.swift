/// A subject that a new store begins with.
package struct FirstSubject: Sendable {
    package let subject: SubjectID
    /// The role in the first projects; `nil` for none.
    package let role: Role?
    package let isAdministrator: Bool

    package init(subject: SubjectID, role: Role?, isAdministrator: Bool = false) {
        self.subject = subject
        self.role = role
        self.isAdministrator = isAdministrator
    }
}

/// The first subjects of a store and their credentials, not stored yet.
package struct PreparedDirectory: Sendable {
    let project: ProjectID
    let documents: [DirectoryDocument]
    /// The bearer tokens, in the order of the subjects. They exist nowhere else.
    package let tokens: [BearerToken]
}

extension KeyService {
    /// Creates the first project's subjects and a credential for each.
    ///
    /// Write the tokens to a place where their owners find them before the store is initialised. Otherwise the store cannot be
    /// used, and it cannot be initialised again.
    ///
    /// - Parameters:
    ///   - subjects: the subjects to create, with their roles.
    ///   - project: the id of the first project.
    ///   - location: the location of the project for AWS clients; `nil` for a random one.
    ///   - further: more projects, in which the subjects have the same roles.
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the store already belongs to a token.
    package func prepareDirectory(
        _ subjects: [FirstSubject], of project: ProjectID, at location: ProjectLocation? = nil,
        and further: [(project: ProjectID, location: ProjectLocation)] = []
    ) async throws(KMSError) -> PreparedDirectory {
        if let binding = try await atStore({ () throws(StoreError) in try await reader.binding() }) {
            throw .invalidRequest(
                "the store is initialised already, for token '\(binding.label)' (serial \(binding.serialNumber))")
        }
        let now = clock.now
        var tokens: [BearerToken] = []
        let projects = [(project: project, location: location ?? .random())] + further
        var documents = projects.flatMap { project, location in
            [
                LocationRecord(location: location, project: project).document,
                ProjectRecord(id: project, description: .none, location: location, at: now).document,
            ]
        }
        for first in subjects {
            let roles = RoleGrants(
                first.role.map { role in Dictionary(projects.map { ($0.project, role) }) { first, _ in first } } ?? [:])
            documents.append(
                SubjectRecord(
                    id: first.subject, kind: .user, isAdministrator: first.isAdministrator, roles: roles, at: now
                ).document)
            let issued = try await makeCredential(for: first.subject, CredentialRequest())
            documents.append(issued.record.document)
            tokens.append(issued.token)
        }
        return PreparedDirectory(project: project, documents: documents, tokens: tokens)
    }

    /// Binds a new store to the token, with its first project, subjects and credentials, all or nothing.
    ///
    /// - Throws: ``KMSError/conflict`` if another process initialised it meanwhile.
    package func initializeStore(with directory: PreparedDirectory) async throws(KMSError) {
        let identity = tokenInformation.identity
        let binding = TokenBinding(
            label: identity.label, serialNumber: identity.serialNumber, epoch: identity.epoch,
            checkValue: identity.checkValue, createdAt: clock.now)
        let stateKey = try await state.makeKey(at: clock.now)
        try await state.begin(with: stateKey)
        let documents = directory.documents + [stateKey.document]
        let outcome = try await state.commit(
            documents.flatMap { StateEdit.store($0) }, sealing: documents.map(\.canonicalBytes)
        ) { (seals, state) throws(StoreError) in
            let sealed = zip(documents, seals).map { Sealed(unverified: $0, seal: $1) }
            try await upkeep.initialize(binding: binding, directory: sealed, state: state)
        }
        records.noteChange()
        if case .failure(let error) = outcome {
            // The state key of another process is in force now.
            state.forgetKey()
            throw KMSError(error)
        }
    }

    /// Requires that the store belongs to this token.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)``, which names both tokens if they differ, or says that the store is not
    ///   initialised.
    package func checkBinding() async throws(KMSError) {
        guard let binding = try await atStore({ () throws(StoreError) in try await reader.binding() }) else {
            throw .invalidRequest("the store is not initialised; run 'kms init' first")
        }
        if let mismatch = binding.mismatch(with: tokenInformation.identity) { throw .invalidRequest(mismatch) }
    }

    /// Issues a new credential to an administrator, and creates the administrator if the name does not exist. It is for an
    /// operator who has only the token's PIN and the store.
    package func recoverAdministrator(_ id: SubjectID) async throws(KMSError) -> IssuedCredential {
        let profile = Profile(subject: try SubjectID("kms-recovery"), kind: .system, isAdministrator: true)
        let principal = Principal(profile: profile)
        return try await withAudit(.recoverAdministrator, by: principal, details: ["target": id.text]) {
            (operation) throws(KMSError) in
            if try await records.directoryRecord(SubjectRecord.self, id.text) == nil {
                let subject = SubjectRecord(id: id, kind: .user, isAdministrator: true, at: clock.now)
                try await operation.addToDirectory(subject)
            } else {
                _ = try await operation.changeDirectory(
                    SubjectRecord.self, id.text, notFound: .subjectNotFound(id)
                ) { (subject) throws(KMSError) in
                    guard subject.status != .deleted else { throw .nameTaken(id.text) }
                    guard !subject.isAdministrator || subject.status != .enabled else { return false }
                    subject.isAdministrator = true
                    subject.status = .enabled
                    return true
                }
            }
            let issued = try await makeCredential(for: id, CredentialRequest())
            operation.recorder.note { $0.details["credential"] = issued.record.id.text }
            try await operation.addToDirectory(issued.record)
            return issued
        }
    }
}
