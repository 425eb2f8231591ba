/// The holder of a role.
package enum RoleHolder: Hashable, Sendable {
    case subject(SubjectID)
    case group(GroupID)
}
