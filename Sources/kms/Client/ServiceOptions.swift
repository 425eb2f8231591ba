import ArgumentParser
import KMSClient

/// The options of a command that select the service and the caller.
protocol ServiceOptions: ParsableArguments {
    /// The options of the connection.
    var connection: ConnectionOptions { get }

    /// Selects the service and the caller. Reads the files that the options name.
    func selection() throws(Failure) -> ClientSelection

    /// The id of the approval by which the command is performed.
    var approvalID: String? { get }
}

extension ServiceOptions {
    var approvalID: String? { nil }

    /// Passes a client to `body`, and closes its connections at the end.
    func withClient<Result>(_ body: (KMSClient) async throws -> Result) async throws -> Result {
        var selection = try selection()
        try await selection.refresh()
        do {
            return try await KMSClient.withClient(selection.configuration) { client in
                try await body(client.approved(by: approvalID))
            }
        } catch let error as KMSClientError {
            throw Failure(error, isAnonymous: selection.isAnonymous)
        }
    }

    /// Sends one request.
    func send<Answer>(_ request: KMSRequest<Answer>) async throws -> Answer {
        try await withClient { client in try await client.send(request) }
    }
}
