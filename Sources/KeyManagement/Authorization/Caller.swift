/// A principal that acts in a project.
package struct Caller: Hashable, Sendable {
    package let principal: Principal
    package let project: ProjectID

    /// True for a dry run: the result is discarded, and the audit log says so.
    package let isDryRun: Bool

    package init(_ principal: Principal, in project: ProjectID, isDryRun: Bool = false) {
        self.principal = principal
        self.project = project
        self.isDryRun = isDryRun
    }

    package var subject: SubjectID { principal.subject }
    /// The principal's role in this project; `nil` if it has none.
    package var role: Role? { principal.roles[project] }
    package var requestID: String { principal.requestID }
}
