import ArgumentParser
import KMSClient

/// The options of a command that select the service and the caller.
protocol ServiceOptions: ParsableArguments {
    /// The settings of the client. Reads the files that the options name.
    func configuration() throws(Failure) -> KMSClient.Configuration

    /// The id of the approval by which the command is performed.
    var approvalID: String? { get }
}

extension ServiceOptions {
    var approvalID: String? { nil }

    /// Passes a client to `body`, and closes its connections at the end.
    func withClient<Result>(_ body: (KMSClient) async throws -> Result) async throws -> Result {
        try await KMSClient.withClient(try configuration()) { client in
            try await body(client.approved(by: approvalID))
        }
    }

    /// Sends one request.
    func send<Answer>(_ request: KMSRequest<Answer>) async throws -> Answer {
        try await withClient { client in try await client.send(request) }
    }
}
