import FoundationEssentials
import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let projects = OperationGroup(
        "projects", "Projects, and who has which role in them.",
        [
            APIOperation(
                .get, "projects", "listProjects", "Lists the projects", query: QueryParameter.ofLists,
                data: DataSchemas.page("projects", of: DataSchemas.project.ref)),
            APIOperation(
                .post, "projects", "createProject", "Makes a project", body: .createProject, status: 201,
                data: DataSchemas.project.ref, failures: [.nameTaken, .conflict]),
            APIOperation(
                .get, "projects/{project}", "describeProject", "Describes a project", data: DataSchemas.project.ref,
                failures: [.projectNotFound]),
            APIOperation(
                .patch, "projects/{project}", "updateProject",
                "Changes the description of a project, or says where it is",
                body: .updateProject, data: DataSchemas.project.ref,
                failures: [.projectNotFound, .nameTaken, .conflict, .stateForbids]),
            APIOperation(
                .delete, "projects/{project}", "deleteProject", "Deletes a project that has no keys",
                data: DataSchemas.project.ref, failures: [.projectNotFound, .conflict, .stateForbids]),
            APIOperation(
                .get, "projects/{project}/roles", "listRoles", "Lists who has which role in a project",
                data: .object([.must("roles", .list(of: DataSchemas.roleAssignment.ref))]),
                failures: [.projectNotFound]),
            grant("subject"), revoke("subject"), grant("group"), revoke("group"),
        ])

    private static func grant(_ holder: String) -> APIOperation {
        APIOperation(
            .put, "projects/{project}/roles/\(holder)s/{\(holder)}", "grantRoleTo\(holder.capitalized)",
            "Gives a \(holder) a role in a project", body: .role, data: DataSchemas.grantedRole.ref,
            failures: [.projectNotFound, .subjectNotFound, .groupNotFound, .conflict, .stateForbids])
    }

    private static func revoke(_ holder: String) -> APIOperation {
        APIOperation(
            .delete, "projects/{project}/roles/\(holder)s/{\(holder)}", "revokeRoleFrom\(holder.capitalized)",
            "Takes the role in a project from a \(holder)", data: DataSchemas.revokedRole.ref,
            failures: [.projectNotFound, .subjectNotFound, .groupNotFound, .conflict, .stateForbids])
    }
}
