import KeyManagement

extension DestructionCertificate: ReadableDocument {
    func paper(from source: PaperSource) -> Paper {
        let isGone = !epochsInToken.contains(destroyed.epoch)
        return Paper(
            title: "Certificate of destruction",
            subject: "Root epoch \(destroyed.epoch), \(token.line), \(PaperValue.time(destroyed.destroyedAt).text)",
            notice: nil,
            outcome: isGone && isListWhole
                ? "the root keys of epoch \(destroyed.epoch) were destroyed"
                : "this does not certify the destruction of root epoch \(destroyed.epoch)",
            checks: [
                .init(
                    what: "Root keys in the token",
                    result: isGone
                        ? "searched for after the destruction; not there"
                        : "epoch \(destroyed.epoch) is still in the token",
                    isPassed: isGone),
                .init(
                    what: "Epochs left in the token",
                    result: epochsInToken.isEmpty ? "none" : epochsInToken.map { "\($0)" }.joined(separator: ", "),
                    isPassed: isGone),
                .init(
                    what: "List of wrapped keys",
                    result: isListWhole
                        ? "\(unreadable.count) entries, complete by their digest"
                        : "\(unreadable.count) entries, which do not have the digest that the certificate states",
                    isPassed: isListWhole),
            ],
            findings: [],
            parts: [
                PaperPart(
                    title: "Destroyed root keys",
                    blocks: [
                        .facts([
                            ("Epoch", .text("\(destroyed.epoch)")),
                            ("Labels", .name(destroyed.label.joined(separator: ", "))),
                            ("Check value", .hex(destroyed.checkValue)),
                            ("Made", .time(destroyed.madeAt)),
                            ("No record under it since", .time(destroyed.closedAt)),
                            ("Destroyed", .time(destroyed.destroyedAt)),
                            ("Certificate issued", .time(issuedAt)),
                            ("Records are now under epoch", .text("\(latestEpoch)")),
                        ])
                    ]),
                PaperPart(title: "Token", blocks: [.facts(token.paperFacts)]),
                source.verification(
                    auditKey: auditKeySHA256, options: " --epoch \(destroyed.epoch)\(token.serialOption)"),
                PaperPart(
                    title: "Sign-off",
                    blocks: [
                        .paragraph(
                            "Each person confirms that they ran the verification above on the file itself, and that it succeeded."
                        ),
                        .signatures(["Operator", "Witness", "Auditor"]),
                    ]),
                PaperPart(title: "What this proves, and what it does not", blocks: [.list(statements)]),
                PaperPart(
                    title: "Appendix: wrapped keys that can no longer be read",
                    blocks: [
                        .facts([("SHA-256 over the list", .hex(unreadableSHA256))]),
                        unreadable.isEmpty ? .paragraph("None.") : .table(table),
                    ]),
                PaperPart(
                    title: "Appendix: checkpoint of the audit log",
                    blocks: [
                        checkpoint.map { .facts([("Latest at the time of issue", .raw($0))]) }
                            ?? .paragraph("The audit log had no signed checkpoint when the certificate was issued.")
                    ]),
            ])
    }

    private var table: PaperTable {
        PaperTable(
            [
                .init(title: "Key, import job or access key", width: 62), .init(title: "Version", width: 14),
                .init(title: "SHA-256 of the wrapped key", width: 98, isLong: true),
            ],
            rows: unreadable.map { blob in
                let owner =
                    blob.key ?? blob.importJob.map { "import job \($0)" } ?? blob.accessKey.map { "access key \($0)" }
                return [
                    owner.map { .code($0) } ?? .none, blob.version.map { .text("\($0)") } ?? .none, .hex(blob.sha256),
                ]
            })
    }
}
