import HTTPTypes
import KeyManagement

extension EndpointGroup {
    static let access = EndpointGroup(
        "access", "Who may use a key, and why; and the keys of services.",
        [.showAccess, .changeAccess, .changeOwner, .explainAccess, .obtainServiceKey])
}

extension Endpoint {
    fileprivate static let obtainServiceKey = Endpoint(
        .put, "service-key", "obtainServiceKey", "Makes the key of the service that asks, unless it has one",
        verb: .obtainServiceKey, body: NoBody.self,
        successes: [Success(schema: Answers.key.schema), Success(status: .created, schema: Answers.key.schema)],
        failures: FailureCode.ofChanges.union([.keyNameTaken, .unsupported])
    ) { request in
        let (key, isNew) = try await request.service.obtainServiceKey(by: request.caller)
        return Answers.key.response(
            key, "service key", status: isNew ? .created : .ok, requestID: request.requestID)
    }
}
