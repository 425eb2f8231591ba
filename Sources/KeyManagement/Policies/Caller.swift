/// Who asks, once authenticated: subject, project and role as a sealed credential says them.
public struct Caller: Hashable, Sendable {
    public let subject: SubjectID
    public let project: ProjectID
    public let role: Role
    /// The id of the request, for the logs. Empty when there is none.
    public let requestID: String

    public init(subject: SubjectID, project: ProjectID, role: Role, requestID: String = "") {
        self.subject = subject
        self.project = project
        self.role = role
        self.requestID = requestID
    }

    /// - Throws: ``KMSError/accessDenied(reason:)`` when the role does not reach.
    func require(_ verb: Verb) throws(KMSError) {
        switch AccessPolicy.decide(verb, role: role) {
        case .allowed: return
        case .denied(let reason): throw .accessDenied(reason: reason)
        }
    }
}
