import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// The effect on other clients of connections without a request, tested with real sockets and a real service.
@Suite struct ConnectionLimitTests {
    @Test func `600 half-open connections from one address keep nobody else from being served`() async throws {
        let service = try await Service.start(on: try await Machine(), with: ["KMS_SERVER_HEADER_TIMEOUT": "1m"])
        let attackers = try (0..<600).map { _ in try RawConnection(to: service.port, from: 1) }
        for attacker in attackers { attacker.send("GET /api/v1/keys HTTP/1.1\r\nX-") }
        for _ in 0..<20 {
            let client = try RawConnection(to: service.port, from: 2)
            #expect(await client.isAnswered("/healthz"))
            #expect(await client.isAnswered("/readyz"))
        }
        #expect(service.log.contains("a source has as many connections as it may have"))
        withExtendedLifetime(attackers) {}
        #expect(await service.stop() == 0)
    }

    @Test func `a source has as many connections as configured, and not one more`() async throws {
        let service = try await Service.start(
            on: try await Machine(), with: ["KMS_SERVER_MAX_CONNECTIONS_PER_SOURCE": "5"])
        var connections: [RawConnection] = []
        for number in 1...5 {
            let connection = try RawConnection(to: service.port)
            #expect(await connection.isAnswered(), "connection \(number)")
            connections.append(connection)
        }
        #expect(try await RawConnection(to: service.port).isClosed(within: 5000))
        #expect(try await RawConnection(to: service.port, from: 2).isAnswered())
        for connection in connections { #expect(await connection.isAnswered()) }
        // A connection that ends makes room for another. The service learns of its end a moment later.
        connections.removeLast()
        let end = ContinuousClock.now + .seconds(10)
        var isServed = false
        while !isServed, .now < end { isServed = try await RawConnection(to: service.port).isAnswered() }
        #expect(isServed)
        #expect(await service.stop() == 0)
    }

    @Test func `health routes with a listener of their own answer while the service has no connection left`()
        async throws
    {
        let service = try await Service.start(
            on: try await Machine(),
            with: [
                "KMS_SERVER_MAX_CONNECTIONS": "4", "KMS_SERVER_MAX_CONNECTIONS_PER_SOURCE": "4",
                "KMS_SERVER_HEADER_TIMEOUT": "1m", "KMS_HEALTH_LISTEN": "127.0.0.1:0",
            ])
        let attackers = try (0..<4).map { _ in try RawConnection(to: service.port) }
        for attacker in attackers { #expect(await attacker.isAnswered()) }
        // The fifth waits.
        let fifth = try RawConnection(to: service.port, from: 2)
        #expect(await !fifth.isAnswered(within: 500))
        let port = try #require(service.healthPort)
        for path in ["/healthz", "/livez", "/readyz"] {
            #expect(try await RawConnection(to: port).isAnswered(path), "\(path)")
        }
        let other = try RawConnection(to: port)
        other.send("GET /api/v1/keys HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = await other.receive(within: 5000)
        #expect(answer?.hasPrefix("HTTP/1.1 404") ?? false, "\(answer ?? "nothing")")
        withExtendedLifetime(attackers) {}
        #expect(await service.stop() == 0)
    }

    @Test func `the listener of the health routes has 32 connections, 16 for one source`() async throws {
        let service = try await Service.start(on: try await Machine(), with: ["KMS_HEALTH_LISTEN": "127.0.0.1:0"])
        let port = try #require(service.healthPort)
        let first = try (0..<16).map { _ in try RawConnection(to: port, from: 1) }
        for connection in first { #expect(await connection.isAnswered()) }
        #expect(try await RawConnection(to: port, from: 1).isClosed(within: 5000))
        let second = try (0..<15).map { _ in try RawConnection(to: port, from: 2) }
        for connection in second { #expect(await connection.isAnswered()) }
        let last = try RawConnection(to: port, from: 3)
        #expect(await last.isAnswered())
        let late = try RawConnection(to: port, from: 4)
        #expect(await !late.isAnswered(within: 500))
        #expect(await service.stop() == 0)
    }

    @Test func `a head that is sent byte by byte loses its connection in time`() async throws {
        let service = try await Service.start(on: try await Machine(), with: ["KMS_SERVER_HEADER_TIMEOUT": "500ms"])
        let start = ContinuousClock.now
        let slow = try RawConnection(to: service.port)
        var isClosed = false
        while !isClosed, .now - start < .seconds(20) {
            slow.send("G")
            isClosed = await slow.isClosed(within: 50)
        }
        #expect(isClosed)
        #expect(await service.stop() == 0)
    }
}
