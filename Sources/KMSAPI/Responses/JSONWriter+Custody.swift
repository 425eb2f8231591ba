import KeyManagement

extension JSONWriter {
    mutating func fields(of roots: [RootStatus]) {
        list("roots", roots) { writer, root in
            writer.object {
                $0.field("epoch", root.epoch.number)
                $0.field("latest", root.isLatest)
                $0.field("inToken", root.isInToken)
                if let record = root.record {
                    $0.field("checkValue", hexadecimal: record.checkValue)
                } else {
                    $0.null("checkValue")
                }
                $0.field("madeAt", optional: root.record?.madeAt.description)
                $0.field("closedAt", optional: root.record?.closedAt?.description)
                $0.field("destroyedAt", optional: root.record?.destroyedAt?.description)
                $0.field("wrappedKeys", root.use.wrapped)
                $0.field("sealedRecords", root.use.sealed)
            }
        }
    }

    mutating func fields(of document: SignedDocument) {
        field("content", base64: document.content)
        field("signature", base64: document.signature)
        field("auditKey", base64: document.auditKey.der)
    }
}

extension SignedDocument {
    /// How long it becomes in an answer.
    var roomInJSON: Int { content.count * 4 / 3 + 1024 }
}
