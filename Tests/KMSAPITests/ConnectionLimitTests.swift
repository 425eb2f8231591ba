import Foundation
import HTTPTypes
import KMSTesting
import KeyManagement
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HTTPServing
@testable import KMSAPI

/// The limits of a connection before authentication. Each limit is tested one below, at, and one above.
@Suite(.timeLimit(.minutes(1))) struct ConnectionLimitTests {
    private static let probe = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private func place(_ source: String) -> FailedAttempts.SourceNetwork? { FailedAttempts.SourceNetwork(source) }

    @Test(arguments: [1, 2, 3])
    func `a source has as many connections as it may have, and others as many of their own`(_ limit: Int) async throws {
        let log = CapturedLog()
        let counts = ConnectionCounts(limit: limit, logger: log.logger)
        func enters(_ source: String) -> Bool { counts.enter(place(source), source: source) }
        for _ in 0..<limit { #expect(enters("192.0.2.1")) }
        #expect(!enters("192.0.2.1") && !enters("::ffff:192.0.2.1"))
        #expect(enters("192.0.2.2"))
        counts.leave(place("192.0.2.1"))
        #expect(enters("192.0.2.1") && !enters("192.0.2.1"))
        // One line for all that were refused.
        #expect(log.lines.map(\.level) == [.warning])
    }

    @Test func `the addresses of one /64 are one source, and those of another are not`() async throws {
        let counts = ConnectionCounts(limit: 1, logger: CapturedLog().logger)
        #expect(counts.enter(place("2001:db8::1"), source: nil))
        #expect(!counts.enter(place("2001:db8::ffff:1"), source: nil))
        #expect(counts.enter(place("2001:db8:0:1::1"), source: nil))
        #expect(counts.enter(nil, source: nil) && counts.enter(nil, source: nil), "no address, no limit")
    }

    @Test func `unless configured, a source has a quarter of all connections, and at least one`() {
        for (all, source) in [(1, 1), (7, 1), (8, 2), (512, 128)] {
            #expect(APIConfiguration(maxConnections: all).connectionsPerSource == source)
        }
    }

    @Test func `connections of a source beyond its limit are closed, and those that it has are served`() async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.maxConnectionsPerSource = 2
        try await fixture.serve(configuration) { port in
            try await withConnections(2, to: port) {
                let third = try await exchange(port, [Self.probe], until: nil)
                #expect(third.isEmpty, "\(third)")
            }
            // The server learns of their end a moment later.
            var answer = ""
            while answer.isEmpty { answer = try await exchange(port, [Self.probe]) }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    /// Runs `body` with open connections, each of which was served once.
    private func withConnections(_ count: Int, to port: Int, _ body: () async throws -> Void) async throws {
        var channels: [any Channel] = []
        for _ in 0..<count {
            let answered = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(FirstBytes(promise: answered))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(ByteBuffer(string: Self.probe))
            try await answered.futureResult.get()
            channels.append(channel)
        }
        try await body()
        for channel in channels { try await channel.close() }
    }

    private final class FirstBytes: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let promise: EventLoopPromise<Void>

        init(promise: EventLoopPromise<Void>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { promise.succeed() }
        func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
    }

    @Test(arguments: [[], ["GET /healthz HTTP/1.1\r\nHost: lo"], [probe, "GET /he"]])
    func `a head that does not come, comes in part, or comes in part after another request, loses its connection`(
        _ parts: [String]
    ) async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        // Long enough for the first request, even on a busy machine.
        configuration.headTimeout = .seconds(1)
        // Data that arrives together with the end of the previous request is bounded by this one.
        if parts.count > 1 { configuration.idleTimeout = .seconds(3) }
        try await fixture.serve(configuration) { port in
            let start = ContinuousClock.now
            let answer = try await exchange(port, parts, until: nil)
            #expect(answer.components(separatedBy: "HTTP/1.1 200").count == (parts.first == Self.probe ? 2 : 1))
            // Not by the idle timeout, which is a minute.
            #expect(.now - start < .seconds(20))
        }
    }

    @Test func `the time for a head does not end a connection between requests, nor one whose body is on its way`()
        async throws
    {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.headTimeout = .seconds(1)
        try await fixture.serve(configuration) { port in
            let body = #"{"name": "a"}"#
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json",
                "Content-Length: \(body.utf8.count)")
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await channel.executeThenClose { inbound, outbound in
                var answers = inbound.makeAsyncIterator()
                try await outbound.write(ByteBuffer(string: Self.probe))
                let first = try await answers.next().map { String(buffer: $0) }
                #expect(first?.hasPrefix("HTTP/1.1 200 ") ?? false)
                // Longer than the time limit of the head; only that time can be waited for.
                try await Task.sleep(for: .milliseconds(1500))
                try await outbound.write(ByteBuffer(string: head))
                try await Task.sleep(for: .milliseconds(1500))
                try await outbound.write(ByteBuffer(string: body))
                let second = try await answers.next().map { String(buffer: $0) }
                #expect(second?.hasPrefix("HTTP/1.1 201 ") ?? false, "\(second ?? "closed")")
            }
        }
    }

    @Test(arguments: [(-1, 200), (0, 200), (1, 431)]) func `the bytes of a header's value are bounded`(
        _ more: Int, _ status: Int
    ) async throws {
        try await expect(status) { configuration in
            configuration.maxHeaderBytes = 1000
            return ["X-Long: " + String(repeating: "a", count: 1000 + more)]
        }
    }

    @Test(arguments: [(-1, 200), (0, 200), (1, 431)])
    func `the bytes of the target and all headers together are bounded`(_ more: Int, _ status: Int) async throws {
        try await expect(status) { configuration in
            configuration.maxHeaderListBytes = 2000
            let others = "/healthz".utf8.count + "Hostlocalhost".utf8.count + "X-AX-B".utf8.count
            return [
                "X-A: " + String(repeating: "a", count: 900),
                "X-B: " + String(repeating: "b", count: 1100 - others + more),
            ]
        }
    }

    @Test(arguments: [(-1, 200), (0, 200), (1, 431)]) func `the number of headers is bounded`(
        _ more: Int, _ status: Int
    ) async throws {
        try await expect(status) { configuration in
            configuration.maxHeaderCount = 20
            // Host is one of the headers.
            return (1..<20 + more).map { "X-\($0): a" }
        }
    }

    @Test(arguments: [(-1, 201), (0, 201), (1, 413)]) func `a body is bounded, known caller or not`(
        _ more: Int, _ status: Int
    ) async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        configuration.maxBodyBytes = 1024
        try await fixture.serve(configuration) { port in
            let body = #"{"name": "a"}"# + String(repeating: " ", count: 1024 - 13 + more)
            let head = request(
                "POST /api/v1/keys", token: fixture.manager, "Content-Type: application/json",
                "Content-Length: \(body.utf8.count)")
            #expect(try await exchange(port, [head + body], until: "}").hasPrefix("HTTP/1.1 \(status) "))
            let aws = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let refused = try await exchange(port, [aws + body], until: "}")
            #expect(refused.hasPrefix("HTTP/1.1 \(status == 201 ? 400 : 413) ") || status == 413, "\(refused)")
        }
    }

    private func expect(_ status: Int, _ headers: (inout APIConfiguration) -> [String]) async throws {
        let fixture = try await Fixture()
        var configuration = APIConfiguration()
        let lines = (["GET /healthz HTTP/1.1", "Host: localhost"] + headers(&configuration)).map { $0 + "\r\n" }
            .joined()
        try await fixture.serve(configuration) { port in
            let answer = try await exchange(port, [lines + "\r\n"])
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(200))")
        }
    }
}
