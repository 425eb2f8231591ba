import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let audit = EndpointGroup("audit", "The published parts of the audit log.", [.showCheckpoint])
}

extension Endpoint {
    fileprivate static let showCheckpoint = Endpoint(
        .get, "audit/checkpoint", "showCheckpoint", "Returns the latest signed checkpoint of the audit log",
        guide: .showCheckpoint,
        verb: .readAudit, answer: Answers.checkpoint, message: "latest checkpoint"
    ) { request in
        try await request.service.latestCheckpoint(by: request.principal)
    }
}

extension Answers {
    fileprivate static let checkpoint = Answer<PublishedCheckpoint>(
        "Checkpoint",
        [
            .must("checkpoint", Schema.text.orNull.described("A line of the audit log, unchanged.")),
            .must("publicKey", Schema.base64().orNull.described("DER of the audit key's SubjectPublicKeyInfo.")),
        ]
    ) { writer, published in
        writer.field("checkpoint", optional: published.line)
        if let key = published.auditKey {
            writer.field("publicKey", base64: key.der)
        } else {
            writer.null("publicKey")
        }
    }
}
