/// The holder of a role.
public enum RoleHolder: Hashable, Sendable {
    case subject(SubjectID)
    case group(GroupID)
}
