// The descriptions and examples of roles.

extension Guide {
    static let listRoles = Guide(
        """
        Lists the roles in a project: those of groups, then those of subjects, each by name. It reads the whole directory, so it
        is for people, not for programs that call it often. Fails with `PROJECT_NOT_FOUND` if the project is unknown.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "roles in the project", "data": {"roles": [{"group": "payroll-team",
            "role": "viewer"}, {"subject": "alice@example.com", "role": "user"}, {"subject": "mailer", "role": "user"},
            {"subject": "manager", "role": "manager"}, {"subject": "user", "role": "user"}, {
            "subject": "vera@example.com", "role": "viewer"}]}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let grantRoleToSubject = Guide(
        """
        Grants a subject a role in a project: `viewer`, `user` or `manager`. It replaces the role that the subject has there.
        Fails with `PROJECT_NOT_FOUND` or `SUBJECT_NOT_FOUND` for an unknown name.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "role granted", "data": {"project": "default", "subject": "alice@example.com",
            "role": "user"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let grantRoleToGroup = Guide(
        """
        Grants all members of a group a role in a project. It replaces the role that the group has there. Of several roles of a
        subject, the highest applies. Fails with `PROJECT_NOT_FOUND` or `GROUP_NOT_FOUND` for an unknown name.
        """,
        body: #"{"role": "viewer"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "role granted", "data": {"project": "default", "group": "payroll-team",
            "role": "viewer"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let revokeRoleFromSubject = Guide(
        """
        Revokes the role of a subject in a project. The subject keeps the roles of its groups, and remains the owner of its keys,
        but cannot use them without a role. Fails with `STATE_FORBIDS` if too few approvers would remain for an approval policy.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "role revoked", "data": {"project": "default"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let revokeRoleFromGroup = Guide(
        """
        Revokes the role of a group in a project. Members keep the roles that they have themselves. Fails with `STATE_FORBIDS` if
        too few approvers would remain for an approval policy.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "role revoked", "data": {"project": "default"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
