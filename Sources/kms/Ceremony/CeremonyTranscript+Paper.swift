import KeyManagement

extension CeremonyTranscript: ReadableDocument {
    func paper(from source: PaperSource) -> Paper {
        Paper(
            title: "Key ceremony transcript", subject: "\(ceremony), \(token.line)",
            notice: isRehearsal ? "REHEARSAL: the token and its keys were made for practice and are not in use" : nil,
            outcome: steps.count == 1 ? "1 step was completed" : "all \(steps.count) steps were completed",
            checks: [
                .init(what: "Steps", result: "\(steps.count) completed, and read back", isPassed: !steps.isEmpty),
                .init(
                    what: "Shares of the PINs",
                    result: "\(sharesRequired) of \(custodians.count) custodians make a PIN whole",
                    isPassed: (2...max(2, custodians.count)).contains(sharesRequired)),
                .init(what: "Files", result: "\(files.count) recorded with their SHA-256", isPassed: true),
            ],
            findings: [],
            parts: [
                PaperPart(
                    title: "Ceremony",
                    blocks: [
                        .facts(
                            [
                                ("Title", .name(ceremony)),
                                ("Custodians", .name(custodians.joined(separator: ", "))),
                                ("Shares required", .text("\(sharesRequired) of \(custodians.count)")),
                                ("SHA-256 of the plan", .hex(planSHA256)),
                            ] + token.paperFacts)
                    ]),
                PaperPart(
                    title: "Steps",
                    blocks: [
                        .table(
                            PaperTable(
                                [
                                    .init(title: "Step", width: 12), .init(title: "Started", width: 24),
                                    .init(title: "Ended", width: 24), .init(title: "Action", width: 62, isLong: true),
                                    .init(title: "Outcome, as read back", width: 52, isLong: true),
                                ],
                                rows: steps.map { step in
                                    [
                                        .text("\(step.number)"), .time(step.startedAt), .time(step.endedAt),
                                        .name(step.what), .name(step.outcome),
                                    ]
                                }))
                    ]),
                PaperPart(
                    title: "Files",
                    blocks: [
                        .table(
                            PaperTable(
                                [
                                    .init(title: "File", width: 74),
                                    .init(title: "SHA-256", width: 100, isLong: true),
                                ],
                                rows: files.map { [.name($0.name), .hex($0.sha256)] }))
                    ]),
                source.verification(auditKey: auditKeySHA256, options: token.serialOption),
                PaperPart(
                    title: "Sign-off",
                    blocks: [
                        .paragraph(
                            "Each person confirms that they were present, saw the steps above performed, and compared the SHA-256 of the file. "
                                + "Each custodian confirms receipt of their shares."),
                        .signatures(["Ceremony leader"] + custodians.map { "Custodian \($0)" } + ["Witness"]),
                    ]),
            ])
    }
}
