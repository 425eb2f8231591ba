import ArgumentParser
import KMSClient

/// A command that sends one request to the service and shows the answer.
///
/// The steps are synchronous, and are called outside of the coroutine that waits for the service: Swift 6.3.1 crashes in release mode when
/// it splits a coroutine into which they are inlined.
protocol RequestCommand: AsyncParsableCommand {
    associatedtype Answer: Decodable & Sendable
    associatedtype Options: ServiceOptions

    var options: Options { get }

    /// Checks the options before anything is read or sent.
    func check() throws

    /// Makes the request. It may read standard input and files.
    func request() throws -> KMSRequest<Answer>

    /// Sends the request. Commands that cannot be undone ask for confirmation first.
    func perform(by client: KMSClient) async throws -> Answer

    func show(_ answer: Answer) throws
}

extension RequestCommand {
    func check() throws {}

    func run() async throws { try await callService() }

    /// Sends the request and shows the answer.
    func callService() async throws {
        try await reporting {
            try apart { try check() }
            let answer = try await options.withClient { client in try await perform(by: client) }
            try apart { try show(answer) }
        }
    }

    func perform(by client: KMSClient) async throws -> Answer {
        try await client.send(try apart { try request() })
    }
}

/// Calls `body`, which is not inlined into the caller. See ``RequestCommand``.
@inline(never)
func apart<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result { try body() }

/// A command that shows one thing as text, or as JSON with `--json`.
protocol ShowCommand: RequestCommand where Answer: PrintableAnswer {
    var view: ViewOptions { get }
}

extension ShowCommand {
    func show(_ answer: Answer) throws { try view.show(answer) }
}

/// A command that creates or changes one thing. It prints one line, or the whole thing with `--wide`.
protocol EditCommand: RequestCommand where Answer: PrintableAnswer {
    var view: ViewOptions { get }

    /// What was done, in one line.
    func summary(_ answer: Answer, _ style: TextStyle) -> String
}

extension EditCommand {
    func show(_ answer: Answer) throws {
        guard !view.wide else { return try view.show(answer) }
        try view.output.show(answer, as: DisplayText.safe(summary(answer, view.style)) + "\n")
    }
}

/// A command whose whole result is one line.
protocol LineCommand: RequestCommand where Answer: Encodable {
    var output: OutputOptions { get }

    /// What was done, in one line.
    func summary(_ answer: Answer) -> String
}

extension LineCommand {
    func show(_ answer: Answer) throws {
        try output.show(answer, as: DisplayText.safe(summary(answer)) + "\n")
    }
}
