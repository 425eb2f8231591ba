/// A principal that acts in a project.
public struct Caller: Hashable, Sendable {
    public let principal: Principal
    public let project: ProjectID

    /// True for a dry run: the result is discarded, and the audit log says so.
    public let isDryRun: Bool

    public init(_ principal: Principal, in project: ProjectID, isDryRun: Bool = false) {
        self.principal = principal
        self.project = project
        self.isDryRun = isDryRun
    }

    public var subject: SubjectID { principal.subject }
    /// The principal's role in this project; `nil` if it has none.
    public var role: Role? { principal.roles[project] }
    public var requestID: String { principal.requestID }
}
