import KeyManagement

extension CustodyReport: ReadableDocument {
    func paper(from source: PaperSource) -> Paper {
        Paper(
            title: "Custody report", subject: "\(PaperValue.time(madeAt).text), \(token.line)", notice: nil,
            outcome: !findings.isEmpty
                ? count(findings.count, "finding")
                : checks.allSatisfy(\.isPassed)
                    ? "all keys are held as required" : "the report states defects, but lists no findings",
            checks: checks, findings: findings,
            parts: [
                PaperPart(
                    title: "Token",
                    blocks: [
                        .facts(
                            [("Examined", .time(madeAt)), ("Requested by", .name(madeFor))] + token.paperFacts)
                    ]),
                source.verification(auditKey: auditKeySHA256, options: token.serialOption),
                PaperPart(
                    title: "Sign-off",
                    blocks: [
                        .paragraph(
                            "Each person confirms that they ran the verification above on the file itself, and that it succeeded."
                        ),
                        .signatures(["Prepared by", "Verified by", "Approved by"]),
                    ]),
                PaperPart(title: "Root keys by epoch", blocks: [.table(rootTable)]),
                PaperPart(
                    title: "Keys and versions", blocks: keys.isEmpty ? [.paragraph("None.")] : [.table(keyTable)]),
                PaperPart(title: "What this proves, and what it does not", blocks: [.list(statements)]),
            ] + examinations + [checkpointPart])
    }

    // MARK: Verdict

    private var checks: [Paper.Check] {
        let rootTrials = rootKeys.flatMap(\.trials)
        let trials = profiles.flatMap(\.trials)
        let destroyed = roots.filter { $0.destroyedAt != nil }
        let returned = destroyed.count(where: \.isInToken)
        let kept = rootKeys.count(where: \.findings.isEmpty)
        let fit = profiles.count(where: \.findings.isEmpty)
        let elsewhere =
            findings.count - rootKeys.reduce(0) { $0 + $1.findings.count }
            - profiles.reduce(0) { $0 + $1.findings.count }
            - (rootTrials + trials).count { !$0.isRefused } - returned
        return [
            .init(
                what: "Root keys and audit key", result: "\(kept) of \(rootKeys.count) have the required attributes",
                isPassed: kept == rootKeys.count),
            .init(
                what: "Forbidden operations on root keys", result: refusals(rootTrials),
                isPassed: rootTrials.allSatisfy(\.isRefused)),
            .init(
                what: "Version keys",
                result: "\(count(versionsExamined, "version")) of \(count(keys.count, "key")) examined; \(fit) of "
                    + "\(count(profiles.count, "profile")) as required", isPassed: fit == profiles.count),
            .init(
                what: "Forbidden operations on versions", result: refusals(trials),
                isPassed: trials.allSatisfy(\.isRefused)),
            .init(
                what: "Destroyed root epochs",
                result: destroyed.isEmpty ? "none so far" : "\(returned) of \(destroyed.count) are in the token",
                isPassed: returned == 0),
            .init(
                what: "Store, records and audit log",
                result: elsewhere > 0 ? count(elsewhere, "finding") : "no findings",
                isPassed: elsewhere <= 0),
        ]
    }

    private func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    private func refusals(_ trials: [KeyExamination.Trial]) -> String {
        "\(trials.count(where: \.isRefused)) of \(trials.count) attempts were refused"
    }

    // MARK: Inventory

    private var rootTable: PaperTable {
        PaperTable(
            [
                .init(title: "Epoch", width: 13), .init(title: "Latest", width: 14),
                .init(title: "In token", width: 17),
                .init(title: "Keys", width: 14), .init(title: "Records", width: 17),
                .init(title: "Made", width: 24, isLong: true), .init(title: "Destroyed", width: 24, isLong: true),
                .init(title: "Check value", width: 51, isLong: true),
            ],
            rows: roots.map { root in
                [
                    .text("\(root.epoch)"), .text(root.isLatest ? "yes" : "no"), .text(root.isInToken ? "yes" : "no"),
                    .text("\(root.wrappedKeys)"), .text("\(root.sealedRecords)"),
                    root.madeAt.map { .time($0) } ?? .none,
                    root.destroyedAt.map { .time($0) } ?? .none, root.checkValue.map { .hex($0) } ?? .none,
                ]
            })
    }

    private var keyTable: PaperTable {
        let sorted = keys.sorted { ($0.project, $0.name, $0.id) < ($1.project, $1.name, $1.id) }
        return PaperTable(
            [
                .init(title: "Version", width: 15), .init(title: "State", width: 31),
                .init(title: "Created", width: 24),
                .init(title: "Epoch", width: 12), .init(title: "Profile", width: 14),
                .init(title: "Check value", width: 27, isLong: true),
                .init(title: "SHA-256 of the wrapped key", width: 51, isLong: true),
            ],
            groups: sorted.map { key in
                .init(
                    heading: (
                        key.name,
                        [
                            .code(key.id), .name("project \(key.project)"), .text(key.algorithm), .text(key.usage),
                            .text(key.state),
                        ]
                            + (key.owner.map { [.name("owner \($0)")] } ?? [])
                            + [.text(key.origin)]
                    ),
                    rows: key.versions.map { version in
                        [
                            .text("\(version.version)"), .text(version.state), .time(version.createdAt),
                            version.epoch.map { .text("\($0)") } ?? .none,
                            version.profile.map { .text("\($0)") } ?? .none,
                            version.checkValue.map { .hex($0) } ?? .none, .hex(version.blobSHA256),
                        ]
                    })
            })
    }

    // MARK: Appendices

    private var examinations: [PaperPart] {
        rootKeys.map { examination in
            part(
                "Appendix: key \(examination.key)", examination.attributes, examination.allowedMechanisms,
                examination.trials)
        }
            + profiles.map { profile in
                part(
                    "Appendix: profile \(profile.number), versions of \(profile.algorithm) keys to \(profile.usage)",
                    profile.attributes, profile.allowedMechanisms, profile.trials)
            }
    }

    private func part(
        _ title: String, _ attributes: [String: String], _ mechanisms: [String], _ trials: [KeyExamination.Trial]
    ) -> PaperPart {
        PaperPart(
            title: title,
            blocks: [
                .table(
                    PaperTable(
                        [.init(title: "Attribute", width: 64), .init(title: "Value in the token", width: 110)],
                        rows: attributes.sorted { $0.key < $1.key }.map { [.text($0.key), .text($0.value)] } + [
                            [
                                .text("Allowed mechanisms"),
                                .text(
                                    mechanisms.isEmpty ? "not limited by the token" : mechanisms.joined(separator: ", ")
                                ),
                            ]
                        ])),
                .table(
                    PaperTable(
                        [
                            .init(title: "Attempted operation", width: 64), .init(title: "Outcome", width: 28),
                            .init(title: "Return value", width: 82),
                        ],
                        rows: trials.map { trial in
                            [
                                .text(trial.attempt), trial.isRefused ? .text("refused") : .bad("NOT REFUSED"),
                                .text(trial.code ?? "-"),
                            ]
                        })),
            ])
    }

    private var checkpointPart: PaperPart {
        PaperPart(
            title: "Appendix: checkpoints of the audit log",
            blocks: checkpoints.isEmpty
                ? [.paragraph("The audit log has no signed checkpoint yet.")]
                : [
                    .paragraph(
                        "The last signed checkpoints, the oldest first, as they stand in the log. The audit key signed each of them."
                    ),
                    .table(
                        PaperTable(
                            [.init(title: "No.", width: 10), .init(title: "Checkpoint", width: 164, isLong: true)],
                            rows: checkpoints.enumerated().map { [.text("\($0 + 1)"), .raw($1)] })),
                ])
    }
}

extension PaperValue {
    /// The place of a value that there is not.
    static var none: PaperValue { .text("–") }
}
