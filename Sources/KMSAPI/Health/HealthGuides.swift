// The descriptions and examples of the open endpoints.

extension Guide {
    static let alive = Guide(
        "Answers if the process is alive. Neither the token nor the store is checked, because a restart would not repair them.",
        answer: #"""
            {"code": "SUCCESS", "message": "alive", "data": {"status": "alive"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let alsoAlive = Guide(
        "Answers as `/healthz` does. Kubernetes uses this name.",
        answer: #"""
            {"code": "SUCCESS", "message": "alive", "data": {"status": "alive"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let ready = Guide(
        """
        Answers if the token and the store can be used; load balancers ask here. Fails with the status 503 and the reason
        otherwise, for example `TOKEN_UNAVAILABLE`.
        """,
        answer: #"""
            {"code": "SUCCESS", "message": "ready", "data": {"status": "ready"}, "requestId": "4c8f1e0d9b7a6352"}
            """#)

    static let document = Guide(
        "Returns the OpenAPI document of this API, without the envelope.", answer: #"{"openapi": "3.1.0"}"#)
}
