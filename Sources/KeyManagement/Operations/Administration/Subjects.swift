/// What shall be different about a subject; what is nil stays as it is.
public struct SubjectUpdate: Sendable {
    public var description: KeyDescription?
    public var isEnabled: Bool?
    public var isAdministrator: Bool?

    public init(description: KeyDescription? = nil, isEnabled: Bool? = nil, isAdministrator: Bool? = nil) {
        self.description = description
        self.isEnabled = isEnabled
        self.isAdministrator = isAdministrator
    }
}

extension KeyService {
    /// Adds a subject, who has no role yet.
    @discardableResult
    public func createSubject(
        _ id: SubjectID, _ kind: SubjectKind = .user, description: KeyDescription = .none,
        isAdministrator: Bool = false, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await perform(.changeSubject, by: principal, ["target": id.text]) { (notes) throws(KMSError) in
            let subject = SubjectRecord(
                id: id, kind: kind, description: description, isAdministrator: isAdministrator, at: clock.now)
            try await addToDirectory(subject, .changeSubject, by: principal, notes)
            return subject
        }
    }

    public func subject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await perform(.readDirectory, by: principal, ["target": id.text]) { (_) throws(KMSError) in
            try await knownSubject(id)
        }
    }

    /// The subjects, sorted by name.
    public func listSubjects(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<SubjectRecord> {
        try await perform(.readDirectory, by: principal, ["list": "subjects"]) { (_) throws(KMSError) in
            try await listDirectory(SubjectRecord.self, ["subjects"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }

    /// Changes a subject. A disabled one is nobody until it is enabled again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` when no administrator would be left, or fewer approvers than an approval policy requires.
    @discardableResult
    public func updateSubject(
        _ id: SubjectID, _ update: SubjectUpdate, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(id, .changeSubject, by: principal) { subject in
            if let description = update.description { subject.description = description }
            if let isEnabled = update.isEnabled { subject.status = isEnabled ? .enabled : .disabled }
            if let isAdministrator = update.isAdministrator { subject.isAdministrator = isAdministrator }
            return true
        }
    }

    /// Deletes a subject: its credentials are worth nothing, its roles are gone, and its name is not given again. Keys that
    /// it owns remain; an administrator gives them to another owner.
    public func deleteSubject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(id, .changeSubject, by: principal) { subject in
            subject.status = .deleted
            subject.isAdministrator = false
            subject.groups = []
            subject.roles = .none
            return true
        }
    }

    /// - Parameters:
    ///   - requirement: asked after it is clear that the caller may ask.
    ///   - edit: false when there is nothing to change.
    func changeSubject(
        _ id: SubjectID, _ verb: Verb, in project: ProjectID? = nil, _ details: [String: String] = [:],
        by principal: Principal, requiring requirement: () async throws(KMSError) -> Void = {},
        _ edit: (inout SubjectRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> SubjectRecord {
        let details = details.merging(["target": id.text]) { $1 }
        return try await perform(verb, by: principal, in: project, details) { (notes) throws(KMSError) in
            try await requirement()
            return try await changeDirectory(
                SubjectRecord.self, id.text, verb, by: principal, in: project, notes, notFound: .subjectNotFound(id)
            ) { (subject) throws(KMSError) in
                guard subject.status != .deleted else { throw .subjectNotFound(id) }
                return try edit(&subject)
            }
        }
    }

    func knownSubject(_ id: SubjectID) async throws(KMSError) -> SubjectRecord {
        guard let subject = try await records.directoryRecord(SubjectRecord.self, id.text), subject.status != .deleted
        else { throw .subjectNotFound(id) }
        return subject
    }
}
