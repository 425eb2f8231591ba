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

    func show(_ answer: Answer) throws
}

extension RequestCommand {
    func check() throws {}

    func run() async throws { try await callService() }

    /// Sends the request and shows the answer.
    func callService() async throws {
        try await reporting {
            try apart { try check() }
            let answer = try await options.withClient { client in
                try await client.send(try apart { try request() })
            }
            try apart { try show(answer) }
        }
    }
}

/// Calls `body`, which is not inlined into the caller. See ``RequestCommand``.
@inline(never)
func apart<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result { try body() }

/// A command that shows its answer as text, or as JSON with `--json`.
protocol ShowCommand: RequestCommand where Answer: PrintableAnswer {
    var output: OutputOptions { get }
}

extension ShowCommand {
    func show(_ answer: Answer) throws { try output.show(answer) }
}

/// An answer that lists items a page at a time.
protocol PageAnswer: Codable {
    var next: String? { get }
    var table: Table { get }
}

/// A command that lists items a page at a time.
protocol ListCommand: RequestCommand where Answer: PageAnswer {
    var pages: PageOptions { get }

    /// The command that shows the next page, without `--cursor`.
    var command: String { get }
}

extension ListCommand {
    func show(_ page: Answer) throws { try pages.show(page, command: command) }
}

/// A command that changes a key or a version, and shows the changed key or the predicted impact.
protocol ChangeCommand: RequestCommand where Answer == KeyChangeAnswer {
    var change: ChangeFlags { get }
    var method: RequestMethod { get }
    var path: String { get }

    /// The days that a destruction or deletion waits; nil for the service's default.
    var days: Int? { get }
}

extension ChangeCommand {
    var method: RequestMethod { .post }
    var days: Int? { nil }

    func request() throws -> KMSRequest<KeyChangeAnswer> { .change(method, path, change.options, days: days) }

    func show(_ answer: KeyChangeAnswer) throws { try change.output.show(answer) }
}
