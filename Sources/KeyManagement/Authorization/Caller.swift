/// A principal that acts in a project.
public struct Caller: Hashable, Sendable {
    public let principal: Principal
    public let project: ProjectID

    /// Whether what is done is only tried: its result goes nowhere, and the audit log says so.
    public let isRehearsal: Bool

    public init(_ principal: Principal, in project: ProjectID, isRehearsal: Bool = false) {
        self.principal = principal
        self.project = project
        self.isRehearsal = isRehearsal
    }

    public var subject: SubjectID { principal.subject }
    /// Nil when the principal has none in this project.
    public var role: Role? { principal.roles[project] }
    public var requestID: String { principal.requestID }
}
