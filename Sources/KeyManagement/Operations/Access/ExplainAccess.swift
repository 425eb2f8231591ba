/// The decision on an operation of a subject, with the rule behind it.
package struct AccessExplanation: Sendable {
    package let subject: SubjectID
    package let verb: Verb
    package let project: ProjectID
    /// The key; `nil` if the question did not concern a key.
    package let key: KeyRecord?
    package let decision: AccessPolicy.Decision
    package let role: Role?
    package let groups: Set<GroupID>

    package var isAllowed: Bool { if case .allowed = decision { true } else { false } }
}

extension KeyService {
    /// Returns the access decision that a subject would get, for an administrator. Nothing is executed.
    ///
    /// - Parameters:
    ///   - subject: the subject whose access is explained.
    ///   - reference: `nil` for a verb that does not concern one key.
    ///   - verb: the verb to explain.
    ///   - project: the project of the request.
    ///   - principal: the administrator that asks.
    package func explainAccess(
        of subject: SubjectID, to reference: KeyReference?, _ verb: Verb, in project: ProjectID, by principal: Principal
    ) async throws(KMSError) -> AccessExplanation {
        try await withAudit(
            .explainAccess, by: principal, in: project, details: ["target": subject.text, "verb": verb.rawValue]
        ) { (operation) throws(KMSError) in
            _ = try await knownProject(project)
            guard let profile = try await records.profile(of: subject) else { throw .subjectNotFound(subject) }
            var key: KeyRecord?
            if let reference {
                let found = try await operation.lookUp(reference, in: project)
                operation.recorder.note(key: found.id)
                key = found
            }
            let other = Principal(profile: profile)
            var decision =
                key.map { AccessPolicy.decide(verb, on: $0, for: other) }
                ?? AccessPolicy.decide(verb, in: project, for: other)
            if case .allowed = decision {
            } else if let key, let grant = try await grant(verb, on: key, to: other) {
                decision = .allowed(rule: "grant \(grant.id)")
            }
            return AccessExplanation(
                subject: subject, verb: verb, project: project, key: key, decision: decision,
                role: profile.roles[project], groups: profile.groups)
        }
    }
}
