import AsyncHTTPClient
import FoundationEssentials
import KeyManagement
import NIOCore
import NIOFoundationEssentialsCompat
import NIOHTTP1

/// Fetches an issuer's key set from its source.
struct KeyFetcher: Sendable {
    let source: JWTConfiguration.KeySource

    /// The most bytes of a key set.
    private static let maxLength = 1 << 20

    struct Failure: Error {
        let reason: String
    }

    /// Returns the time of the source's last change; nil for a source that does not tell.
    func changeTime() -> Date? {
        guard case .file(let path) = source else { return nil }
        return (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }

    func fetch() async throws -> IssuerKeys {
        switch source {
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Failure(reason: "the key set \(path) cannot be read")
            }
            return try IssuerKeys(json: data)
        case .url(let url): return try IssuerKeys(json: try await fetch(url))
        }
    }

    private func fetch(_ url: String) async throws -> Data {
        // A redirect could lead to an untrusted host.
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
            guard response.status == .ok else { throw Failure(reason: "\(url) answers with \(response.status.code)") }
            let body = try await response.body.collect(upTo: Self.maxLength)
            try await client.shutdown()
            return Data(buffer: body)
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
