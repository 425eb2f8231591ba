/// The changes of a subject. Properties that are `nil` stay unchanged.
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
    /// Adds a subject, without roles.
    @discardableResult
    public func createSubject(
        _ id: SubjectID, _ kind: SubjectKind = .user, description: KeyDescription = .none,
        isAdministrator: Bool = false, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await withAudit(.changeSubject, by: principal, details: ["target": id.text]) {
            (operation) throws(KMSError) in
            let subject = SubjectRecord(
                id: id, kind: kind, description: description, isAdministrator: isAdministrator, at: clock.now)
            try await operation.addToDirectory(subject)
            return subject
        }
    }

    public func subject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await withAudit(.readDirectory, by: principal, details: ["target": id.text]) { (_) throws(KMSError) in
            try await knownSubject(id)
        }
    }

    /// Returns the subjects, sorted by name.
    public func listSubjects(
        after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<SubjectRecord> {
        try await withAudit(.readDirectory, by: principal, details: ["list": "subjects"]) { (_) throws(KMSError) in
            try await listDirectory(SubjectRecord.self, ["subjects"], after: cursor, limit: limit, for: principal) {
                $0.status != .deleted
            }
        }
    }

    /// Changes a subject. A disabled subject cannot authenticate until it is enabled again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if no administrator would be left, or fewer approvers than an approval policy
    ///   requires.
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

    /// Deletes a subject. Its credentials become invalid, its roles are gone, and its name is never used again.
    ///
    /// Keys that it owns remain; an administrator can transfer them to another owner.
    public func deleteSubject(_ id: SubjectID, by principal: Principal) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(id, .changeSubject, by: principal) { subject in
            subject.status = .deleted
            subject.isAdministrator = false
            subject.groups = []
            subject.roles = .none
            return true
        }
    }

    /// Changes a subject by `edit`.
    ///
    /// - Parameters:
    ///   - requirement: a further check, made after the caller was authorised.
    ///   - edit: returns false if there is nothing to change.
    func changeSubject(
        _ id: SubjectID, _ verb: Verb, in project: ProjectID? = nil, _ details: [String: String] = [:],
        by principal: Principal, requiring requirement: () async throws(KMSError) -> Void = {},
        _ edit: (inout SubjectRecord) throws(KMSError) -> Bool
    ) async throws(KMSError) -> SubjectRecord {
        let details = details.merging(["target": id.text]) { $1 }
        return try await withAudit(verb, by: principal, in: project, details: details) { (operation) throws(KMSError) in
            try await requirement()
            return try await operation.changeDirectory(
                SubjectRecord.self, id.text, notFound: .subjectNotFound(id)
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
