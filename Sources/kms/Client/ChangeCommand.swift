import ArgumentParser
import KMSClient

/// A command that changes a key or a version. It prints one line, or the changed key with `--wide`; for a dry run, the impact as well.
protocol ChangeCommand: RequestCommand where Answer == KeyChangeAnswer {
    var change: ChangeFlags { get }

    /// The reference by which the caller named the key.
    var keyReference: String { get }

    var method: RequestMethod { get }

    /// The path of the change in the API, for a reference to the key.
    func path(_ key: String) -> String

    /// The days that a destruction or deletion waits; nil for the service's default.
    var days: Int? { get }

    /// What was done, or would be done, in one line.
    func summary(_ key: KeyAnswer, _ style: TextStyle) -> String
}

extension ChangeCommand {
    var method: RequestMethod { .post }
    var days: Int? { nil }

    func request() throws -> KMSRequest<KeyChangeAnswer> { request(change.options, key: keyReference) }

    func request(_ options: ChangeOptions, key: String) -> KMSRequest<KeyChangeAnswer> {
        .change(method, path(key), options, days: days)
    }

    func show(_ answer: KeyChangeAnswer) throws {
        try change.view.show(answer) { key, style in summary(key, style) }
    }
}

extension ViewOptions {
    /// Shows a change: its summary, or with `--wide` the whole key; for a dry run, marked, and with the impact.
    func show(_ answer: KeyChangeAnswer, summary: (KeyAnswer, TextStyle) -> String) throws {
        try output.show(answer, as: text(of: answer, summary))
    }

    private func text(of answer: KeyChangeAnswer, _ summary: (KeyAnswer, TextStyle) -> String) -> String {
        func text(of key: KeyAnswer) -> String {
            wide ? key.text(in: style) : DisplayText.safe(summary(key, style)) + "\n"
        }
        return switch answer {
        case .changed(let key): text(of: key)
        case .planned(let impact):
            "Dry run, nothing was changed: " + text(of: impact.key) + impact.text(in: style)
        }
    }
}

/// A change that cannot be undone, or ends a use of the key.
protocol IrreversibleChange: ChangeCommand, IrreversibleCommand {
    /// What the person who confirms should know, in one sentence.
    func warning(_ key: KeyAnswer, _ style: TextStyle) -> String
}

extension IrreversibleChange {
    func check() throws { if !change.dryRun { try requireConfirmable() } }

    func perform(by client: KMSClient) async throws -> KeyChangeAnswer {
        guard !confirmation.yes, !change.dryRun else { return try await client.send(try apart { try request() }) }
        let impact = try await impact(by: client)
        try apart { try confirm(loss(impact)) }
        // The key that was confirmed is changed, even if its name or alias meanwhile belongs to another one.
        return try await client.send(request(change.options, key: impact.key.id))
    }

    func loss(by client: KMSClient) async throws -> Loss { loss(try await impact(by: client)) }

    private func impact(by client: KMSClient) async throws -> ImpactAnswer {
        var options = change.options
        options.isDryRun = true
        options.idempotencyKey = nil
        guard case .planned(let impact) = try await client.send(request(options, key: keyReference)) else {
            throw Failure(.other, "the service's answer to a dry run is no dry run")
        }
        return impact
    }

    private func loss(_ impact: ImpactAnswer) -> Loss {
        let style = TextStyle.ofStandardOutput(isWide: false)
        return Loss(description: warning(impact.key, style) + "\n" + impact.text(in: style), name: impact.key.name)
    }
}
