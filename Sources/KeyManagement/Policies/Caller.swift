/// A principal that acts in a project.
public struct Caller: Hashable, Sendable {
    public let principal: Principal
    public let project: ProjectID

    public init(_ principal: Principal, in project: ProjectID) {
        self.principal = principal
        self.project = project
    }

    public var subject: SubjectID { principal.subject }
    /// Nil when the principal has none in this project.
    public var role: Role? { principal.roles[project] }
    public var requestID: String { principal.requestID }
}
