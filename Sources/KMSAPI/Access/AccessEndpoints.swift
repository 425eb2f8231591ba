import HTTPTypes
import KeyManagement

extension EndpointGroup {
    static let access = EndpointGroup(
        "access", "Access control of keys, explanations of access, and service keys.",
        [.showAccess, .changeAccess, .changeOwner, .explainAccess, .obtainServiceKey])
}

extension Endpoint {
    fileprivate static let obtainServiceKey = Endpoint(
        .put, "service-key", "obtainServiceKey",
        "Returns the key of the calling service, and creates it if there is none", guide: .obtainServiceKey,
        verb: .obtainServiceKey, body: NoBody.self,
        successes: [Success(schema: Answers.key.schema), Success(status: .created, schema: Answers.key.schema)],
        failures: FailureCode.ofChanges.union([.keyNameTaken, .unsupported])
    ) { request in
        let (key, isNew) = try await request.service.obtainServiceKey(by: request.caller)
        return Answers.key.response(
            key, "service key", status: isNew ? .created : .ok, requestID: request.requestID)
    }
}
