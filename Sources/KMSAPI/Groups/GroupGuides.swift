// The descriptions and examples of groups.

extension Guide {
    static let listGroups = Guide(
        "Lists the groups by name, one page at a time.", query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "groups", "data": {"groups": [{"name": "payroll-team",
            "description": "Pays salaries and bonuses", "roles": {}, "createdAt": "2026-11-30T22:13:59.081Z",
            "changedAt": "2026-11-30T22:13:59.129Z", "revision": 2}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createGroup = Guide(
        "Creates a group of subjects, without members and roles. Fails with `NAME_TAKEN` if a group has, or had, that name.",
        answer: #"""
            {"code": "SUCCESS", "message": "group created", "data": {"name": "payroll-team",
            "description": "Pays the salaries", "roles": {}, "createdAt": "2026-11-30T22:13:59.081Z",
            "changedAt": "2026-11-30T22:13:59.081Z", "revision": 1}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeGroup = Guide(
        "Returns a group with its roles. Fails with `GROUP_NOT_FOUND` if it is unknown or deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "group", "data": {"name": "payroll-team", "description": "Pays the salaries",
            "roles": {}, "createdAt": "2026-11-30T22:13:59.081Z", "changedAt": "2026-11-30T22:13:59.081Z", "revision": 1},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let updateGroup = Guide(
        "Changes the description of a group. Fails with `GROUP_NOT_FOUND` if it is unknown or deleted.",
        answer: #"""
            {"code": "SUCCESS", "message": "group updated", "data": {"name": "payroll-team",
            "description": "Pays salaries and bonuses", "roles": {}, "createdAt": "2026-11-30T22:13:59.081Z",
            "changedAt": "2026-11-30T22:13:59.129Z", "revision": 2}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteGroup = Guide(
        """
        Deletes a group. Its members lose the group's roles, and its name is never used again. Fails with `STATE_FORBIDS` if too
        few approvers would remain for an approval policy.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "group deleted", "data": {"name": "payroll-team",
            "description": "Pays salaries and bonuses", "roles": {}, "createdAt": "2026-11-30T22:13:59.081Z",
            "changedAt": "2026-11-30T22:14:09.313Z", "revision": 5}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let listMembers = Guide(
        """
        Lists the members of a group by name, one page at a time. A page can hold fewer members than `limit` and still have a
        `next`: read on until `next` is null.
        """,
        query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "members of the group", "data": {"members": [{"name": "alice@example.com",
            "kind": "user", "description": "Payroll and expenses", "enabled": true, "administrator": false, "groups": [
            "payroll-team"], "roles": {}, "createdAt": "2026-11-30T22:13:58.944Z",
            "changedAt": "2026-11-30T22:13:59.222Z", "revision": 3}], "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let addMember = Guide(
        """
        Adds a subject to a group, and returns the subject. It has the roles of the group from then on. Fails with
        `SUBJECT_NOT_FOUND` or `GROUP_NOT_FOUND` for an unknown name, and with `INVALID_REQUEST` if the subject is in too many
        groups.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "member added", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll and expenses", "enabled": true, "administrator": false, "groups": ["payroll-team"],
            "roles": {}, "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:13:59.222Z", "revision": 3},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let removeMember = Guide(
        """
        Removes a subject from a group, and returns the subject. It keeps the roles that it has itself. Fails with
        `STATE_FORBIDS` if too few approvers would remain for an approval policy.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "member removed", "data": {"name": "alice@example.com", "kind": "user",
            "description": "Payroll and expenses", "enabled": true, "administrator": false, "groups": [], "roles": {},
            "createdAt": "2026-11-30T22:13:58.944Z", "changedAt": "2026-11-30T22:14:09.264Z", "revision": 6},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
