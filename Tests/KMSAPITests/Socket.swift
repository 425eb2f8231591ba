import HTTPServing
import Hummingbird
import KMSAPI
import KMSTesting
import KeyManagement
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

extension Fixture {
    /// Runs the API as `kms serve` does: in a service group, on a port that the system chooses.
    func serve(
        _ configuration: APIConfiguration = APIConfiguration(),
        _ body: @escaping @Sendable (Int, ServiceGroup) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.port = 0
        let (ports, port) = AsyncStream<Int>.makeStream()
        let api = makeServer(of: doors(to: service), service: service, configuration: configuration, logger: log.logger)
        { port.yield($0) }
        let services = ServiceGroup(configuration: .init(services: [api], logger: log.logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                try await body(port, services)
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    func serve(
        _ configuration: APIConfiguration = APIConfiguration(), _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await serve(configuration) { port, _ in try await body(port) }
    }
}

/// The head of a request as it goes over the wire.
func request(_ line: String, token: String, _ headers: String...) -> String {
    ([line + " HTTP/1.1", "Host: localhost", "X-Auth-Token: \(token)"] + headers).map { $0 + "\r\n" }.joined() + "\r\n"
}

/// Sends each part separately, and returns everything received until a body ends, the connection ends, or `end` arrives.
func exchange(
    _ port: Int, _ parts: [String], until end: String? = "\"}", thenClose: Bool = false
) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true))
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        for part in parts { try await outbound.write(ByteBuffer(string: part)) }
        if thenClose { outbound.finish() }
        var answer = ""
        do {
            for try await part in inbound {
                answer += String(buffer: part)
                if let end, answer.hasSuffix(end) { break }
                if end != nil, answer.hasSuffix("content-length: 0\r\n\r\n") { break }
            }
        } catch is IOError {
            // Closed by the server while data from this side was still in transit.
        }
        return answer
    }
}

/// Sends `text` repeatedly without reading; returns true if the server closed the connection because of it.
func sendWithoutReading(_ port: Int, _ text: String) async throws -> Bool {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.autoRead, value: false)
        .channelOption(.socketOption(.so_rcvbuf), value: 4096)
        .connect(host: "127.0.0.1", port: port).get()
    // 40 MB of answers exceed the buffers of a connection.
    for _ in 0..<300 {
        do {
            try await channel.writeAndFlush(ByteBuffer(string: text))
        } catch {
            return true
        }
    }
    try await channel.close()
    return false
}

/// Holds a request in the store until the gate is opened, or the request is cancelled.
final class Gate: Sendable {
    private let arrived = AsyncStream<Void>.makeStream()
    private let opened = AsyncStream<Void>.makeStream()

    /// Waits until a request is at the gate.
    func arrival() async {
        for await _ in arrived.stream { return }
    }

    func open() {
        opened.continuation.finish()
    }

    func pass() async {
        arrived.continuation.yield()
        for await _ in opened.stream { return }
    }
}

/// A store that holds every list of keys at a gate.
struct GatedStore: PassingStore {
    let store: any KeyStore
    let gate: Gate

    func documents(_ query: DocumentQuery) async throws(StoreError) -> [SealedDocument] {
        if query.kind == .key { await gate.pass() }
        return try await store.documents(query)
    }
}
