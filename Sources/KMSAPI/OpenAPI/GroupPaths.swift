import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let groups = OperationGroup(
        "groups", "Groups of subjects.",
        [
            APIOperation(
                .get, "groups", "listGroups", "Lists the groups", query: QueryParameter.ofLists,
                data: DataSchemas.page("groups", of: DataSchemas.group.ref)),
            APIOperation(
                .post, "groups", "createGroup", "Makes a group", body: .namedGroup, status: 201,
                data: DataSchemas.group.ref, failures: [.nameTaken, .conflict]),
            APIOperation(
                .get, "groups/{group}", "describeGroup", "Describes a group", data: DataSchemas.group.ref,
                failures: [.groupNotFound]),
            APIOperation(
                .patch, "groups/{group}", "updateGroup", "Changes the description of a group", body: .description,
                data: DataSchemas.group.ref, failures: [.groupNotFound, .conflict, .stateForbids]),
            APIOperation(
                .delete, "groups/{group}", "deleteGroup", "Deletes a group", data: DataSchemas.group.ref,
                failures: [.groupNotFound, .conflict, .stateForbids]),
            APIOperation(
                .get, "groups/{group}/members", "listMembers", "Lists the members of a group",
                query: QueryParameter.ofLists, data: DataSchemas.page("members", of: DataSchemas.subject.ref),
                failures: [.groupNotFound]),
            APIOperation(
                .put, "groups/{group}/members/{subject}", "addMember", "Puts a subject into a group",
                data: DataSchemas.subject.ref, failures: [.groupNotFound, .subjectNotFound, .conflict, .stateForbids]),
            APIOperation(
                .delete, "groups/{group}/members/{subject}", "removeMember", "Takes a subject out of a group",
                data: DataSchemas.subject.ref, failures: [.groupNotFound, .subjectNotFound, .conflict, .stateForbids]),
        ])
}
