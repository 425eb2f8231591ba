import HTTPTypes
import JSONText
import KeyManagement

extension EndpointGroup {
    static let custody = EndpointGroup(
        "custody", "Proofs of the custody of keys and of the state of the store.", [.reportCustody, .verifyStore])
}

extension Endpoint {
    fileprivate static let reportCustody = Endpoint(
        .post, "custody/report", "reportCustody",
        "Checks the attributes of each key in the token, tries forbidden operations, and returns a signed report",
        guide: .reportCustody,
        verb: .reportCustody,
        answer: Answers.signedDocument, message: "custody report", failures: [.unsupported]
    ) { request in
        try await request.service.custodyReport(by: request.principal)
    }

    fileprivate static let verifyStore = Endpoint(
        list: "store/verification", "verifyStore", "Verifies the seals and references of a part of the store",
        guide: .verifyStore,
        verb: .verifyStore, answer: Answers.storeReport, message: "part of the store verified"
    ) { request, query in
        let principal = try request.principal
        let list = ["store"]
        var start = StoreCursor.start
        if let text = try await request.service.place(of: query.cursor, of: list, by: principal) {
            guard let cursor = StoreCursor(text) else { throw KMSError.invalidCursor }
            start = cursor
        }
        let report = try await request.service.verifyStore(from: start, limit: query.limit, by: principal)
        let next = try await request.service.cursor(at: report.next?.description, of: list, by: principal)
        return StorePart(report: report, next: next)
    }
}

/// A verified part of the store, and the cursor of the next part.
struct StorePart {
    let report: StoreReport
    let next: ListCursor?
}

extension Answers {
    /// A document with a signature of the audit key.
    static let signedDocument = Answer<SignedDocument>(
        "SignedDocument",
        [
            .must("content", Schema.base64().described("A JSON text.")),
            .must(
                "signature",
                Schema.base64().described("DER of an ECDSA signature over all bytes of the content, with SHA-256.")),
            .must("auditKey", Schema.base64().described("DER of the audit key's SubjectPublicKeyInfo.")),
        ], capacity: { $0.content.count * 4 / 3 + 1024 }
    ) { writer, document in
        writer.field("content", base64: document.content)
        writer.field("signature", base64: document.signature)
        writer.field("auditKey", base64: document.auditKey.der)
    }

    fileprivate static let storeReport = Answer<StorePart>(
        "StoreReport",
        [
            .must("checked", Schema.count.described("The number of records in this part.")),
            .must("total", Schema.count.described("The number of records in the store.")), .must("findings", .names),
            .must("next", Schema.text.orNull.described("The cursor of the next part; null when this is the last.")),
        ]
    ) { writer, part in
        writer.field("checked", part.report.checked)
        writer.field("total", part.report.total)
        writer.list("findings", part.report.findings) { writer, finding in writer.item(finding) }
        writer.field("next", optional: part.next?.text)
    }
}
