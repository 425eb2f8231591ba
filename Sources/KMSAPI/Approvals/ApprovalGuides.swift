// The descriptions and examples of approvals.

extension Guide {
    static let listApprovals = Guide(
        """
        Lists the requests for approval that concern the caller: its own, and those that it may approve. An administrator sees all
        of them.
        """,
        query: ["limit": "10"],
        answer: #"""
            {"code": "SUCCESS", "message": "approvals", "data": {"approvals": [{"id": "9f3c51d2a7e80b64",
            "operation": "root-rotate", "project": null, "parameters": {"epoch": "3"}, "requester": "admin",
            "requestedAt": "2026-11-30T22:14:08.789Z", "expiresAt": "2026-12-01T22:14:08.789Z", "required": 1,
            "approvals": [], "rejection": null, "usedAt": null, "status": "pending"}], "next": null},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let describeApproval = Guide(
        "Returns a request for approval with the decisions on it. Fails with `APPROVAL_NOT_FOUND` if it is unknown, or does not "
            + "concern the caller.",
        answer: #"""
            {"code": "SUCCESS", "message": "approval", "data": {"id": "9f3c51d2a7e80b64", "operation": "root-rotate",
            "project": null, "parameters": {"epoch": "3"}, "requester": "admin",
            "requestedAt": "2026-11-30T22:14:08.789Z", "expiresAt": "2026-12-01T22:14:08.789Z", "required": 1,
            "approvals": [], "rejection": null, "usedAt": null, "status": "pending"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let approve = Guide(
        """
        Approves the request of another subject. With the required number of approvals, the requester can send the operation
        again, with the header `X-Approval`. Requires an approver that the policy names. Fails with `ACCESS_DENIED` for others and
        for the requester, and with `STATE_FORBIDS` if the request no longer waits.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "approved", "data": {"id": "9f3c51d2a7e80b64", "operation": "root-rotate",
            "project": null, "parameters": {"epoch": "3"}, "requester": "admin",
            "requestedAt": "2026-11-30T22:14:08.985Z", "expiresAt": "2026-12-01T22:14:08.985Z", "required": 1,
            "approvals": [{"subject": "bob@example.com", "at": "2026-11-30T22:14:09.016Z",
            "authentication": "token:6f2d912553a834b7", "scope": null}], "rejection": null, "usedAt": null,
            "status": "approved"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let reject = Guide(
        """
        Rejects a request, or withdraws the caller's own. It can no longer be approved or used. Fails with `ACCESS_DENIED` for
        others than the requester and the approvers, and with `STATE_FORBIDS` if the request no longer waits.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "rejected", "data": {"id": "9f3c51d2a7e80b64", "operation": "root-rotate",
            "project": null, "parameters": {"epoch": "3"}, "requester": "admin",
            "requestedAt": "2026-11-30T22:14:08.789Z", "expiresAt": "2026-12-01T22:14:08.789Z", "required": 1,
            "approvals": [], "rejection": {"subject": "bob@example.com", "at": "2026-11-30T22:14:08.914Z",
            "authentication": "token:6f2d912553a834b7", "scope": null}, "usedAt": null, "status": "rejected"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let listApprovalPolicies = Guide(
        "Lists the approval policies: for each operation the number of required approvals, and the approvers.",
        answer: #"""
            {"code": "SUCCESS", "message": "approval policies", "data": {"policies": [{"operation": "root-rotate",
            "required": 1, "approvers": ["bob@example.com"], "hours": 24, "changedAt": "2026-11-30T22:14:08.666Z"}]},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let setApprovalPolicy = Guide(
        """
        Sets how many approvals an operation requires, and who may give them; 0 turns the policy off. The change itself needs the
        approvals of every policy in force. Fails with `INVALID_REQUEST` or `STATE_FORBIDS` if the policy could never be
        fulfilled.
        """,
        body: #"{"required": 1, "approvers": ["bob@example.com"], "hours": 24}"#,
        answer: #"""
            {"code": "SUCCESS", "message": "approval policy set", "data": {"operation": "root-rotate", "required": 1,
            "approvers": ["bob@example.com"], "hours": 24, "changedAt": "2026-11-30T22:14:08.666Z"},
            "requestId": "4c8f1e0d9b7a6352"}
            """#)
}
