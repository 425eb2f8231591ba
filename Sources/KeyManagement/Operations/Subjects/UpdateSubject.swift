/// The changes of a subject. Properties that are `nil` stay unchanged.
package struct SubjectUpdate: Sendable {
    package var description: KeyDescription?
    package var isEnabled: Bool?
    package var isAdministrator: Bool?

    package init(description: KeyDescription? = nil, isEnabled: Bool? = nil, isAdministrator: Bool? = nil) {
        self.description = description
        self.isEnabled = isEnabled
        self.isAdministrator = isAdministrator
    }
}

extension KeyService {
    /// Changes a subject. A disabled subject cannot authenticate until it is enabled again.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` if no administrator would be left, or fewer approvers than an approval policy
    ///   requires.
    @discardableResult
    package func updateSubject(
        _ id: SubjectID, _ update: SubjectUpdate, by principal: Principal
    ) async throws(KMSError) -> SubjectRecord {
        try await changeSubject(id, .changeSubject, by: principal) { subject in
            if let description = update.description { subject.description = description }
            if let isEnabled = update.isEnabled { subject.status = isEnabled ? .enabled : .disabled }
            if let isAdministrator = update.isAdministrator { subject.isAdministrator = isAdministrator }
            return true
        }
    }
}
