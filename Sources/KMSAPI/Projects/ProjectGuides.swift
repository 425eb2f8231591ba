// The descriptions and examples of projects.

extension Guide {
    static let listProjects = Guide(
        "Lists the projects by name, one page at a time.", query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "projects", "data": {"projects": [{"name": "default", "description": "",
            "account": "286682701568", "region": "us-east-1", "createdAt": "2026-11-30T22:13:46.639Z",
            "changedAt": "2026-11-30T22:13:46.639Z", "revision": 1}, {"name": "shop",
            "description": "The web shop and its checkout", "account": "111122223333", "region": "eu-central-1",
            "createdAt": "2026-11-30T22:13:58.774Z", "changedAt": "2026-11-30T22:13:58.854Z", "revision": 2}],
            "next": null}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let createProject = Guide(
        """
        Creates a project, in which keys live and roles are granted. `account` and `region` locate it for AWS clients; the
        service chooses what is left out. Fails with `NAME_TAKEN` if a project has, or had, that name or location.
        """,
        body: #"{"name": "shop", "description": "The web shop", "account": "111122223333", "region": "eu-central-1"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "project created", "data": {"name": "shop", "description": "The web shop",
            "account": "111122223333", "region": "eu-central-1", "createdAt": "2026-11-30T22:13:58.774Z",
            "changedAt": "2026-11-30T22:13:58.774Z", "revision": 1}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeProject = Guide(
        "Returns a project. Fails with `PROJECT_NOT_FOUND` if it is unknown or deleted.", path: ["project": "shop"],
        answer: #"""
            {"code": "SUCCESS", "message": "project", "data": {"name": "shop", "description": "The web shop",
            "account": "111122223333", "region": "eu-central-1", "createdAt": "2026-11-30T22:13:58.774Z",
            "changedAt": "2026-11-30T22:13:58.774Z", "revision": 1}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let updateProject = Guide(
        """
        Changes the description of a project, or sets its AWS account and region, which can be set once. Fails with
        `STATE_FORBIDS` if the project has another location, and with `NAME_TAKEN` if another project has that location.
        """,
        path: ["project": "shop"], body: #"{"description": "The web shop and its checkout"}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "project updated", "data": {"name": "shop",
            "description": "The web shop and its checkout", "account": "111122223333", "region": "eu-central-1",
            "createdAt": "2026-11-30T22:13:58.774Z", "changedAt": "2026-11-30T22:13:58.854Z", "revision": 2},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let deleteProject = Guide(
        "Deletes a project that has no keys. Its name is never used again. Fails with `STATE_FORBIDS` while the project has keys.",
        path: ["project": "shop"],
        answer: #"""
            {"code": "SUCCESS", "message": "project deleted", "data": {"name": "shop",
            "description": "The web shop and its checkout", "account": "111122223333", "region": "eu-central-1",
            "createdAt": "2026-11-30T22:13:58.774Z", "changedAt": "2026-11-30T22:14:09.593Z", "revision": 3},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
