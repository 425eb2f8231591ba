import ArgumentParser

/// The flags that all changing commands share: the reason, a dry run, and the key under which the request may be repeated.
struct ChangeFlags: ParsableArguments {
    @Option(
        help: """
            Why: unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn.
            """)
    var reason: String?

    @Option(help: "Why, in your own words; goes with --reason.")
    var comment: String?

    @Flag(help: "Change nothing; show what would be, and who would notice.")
    var dryRun = false

    @Option(help: "A name for this request: sent again under the same name, it is answered again and not done again.")
    var idempotencyKey: String?

    @Flag(help: "JSON instead of text.")
    var json = false

    /// The part of the request's body that comes from these flags.
    struct Body: Encodable {
        let reason: String?
        let comment: String?
        let dryRun: Bool?
        let days: Int?
    }

    func body(days: Int? = nil) -> Body {
        Body(reason: reason, comment: comment, dryRun: dryRun ? true : nil, days: days)
    }

    /// Sends the change and shows its result.
    func send(_ method: String = "POST", _ path: String, days: Int? = nil, by client: APIClient) async throws {
        try await send(method, path, body(days: days), by: client)
    }

    func send(_ method: String, _ path: String, _ body: some Encodable, by client: APIClient) async throws {
        let answer: ChangeAnswer = try await client.send(method, path, body, idempotencyKey: idempotencyKey)
        try show(answer)
    }

    // Not inlined: Swift 6.3.1 crashes in release mode when it splits large coroutines.
    @inline(never)
    private func show(_ answer: ChangeAnswer) throws {
        switch answer {
        case .changed(let key): try KeySheet.show(key, json: json)
        case .planned(let impact): try KeySheet.show(impact, json: json)
        }
    }
}
