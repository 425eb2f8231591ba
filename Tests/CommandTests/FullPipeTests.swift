import AsyncHTTPClient
import Foundation
import Glibc
import KMSTesting
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceTesting
import Testing

/// A service whose standard error is a pipe with a reader that stops reading.
@Suite struct FullPipeTests {
    /// A service behind a reader that copies its input into the log until it is stopped.
    private struct Piped {
        let service: Service
        let reader: pid_t

        static func start(_ more: [String: String] = [:]) async throws -> Piped {
            let machine = try await Machine()
            let number = machine.path("reader")
            let script = #"exec "$0" "$@" 2> >(echo $BASHPID > '\#(number)'; exec cat >&2)"#
            let service = try await Service.start(
                on: machine, with: ["KMS_LOG_QUEUE_BYTES": "16384"].merging(more) { $1 },
                through: ["bash", "-c", script])
            let text = try String(contentsOfFile: number, encoding: .utf8)
            let reader = try #require(pid_t(text.split(separator: "\n").first.map(String.init) ?? ""))
            return Piped(service: service, reader: reader)
        }

        func stopReading() { kill(reader, SIGSTOP) }
        func readOn() { kill(reader, SIGCONT) }

        /// Sends `count` requests, each of which logs a line, and waits for all answers.
        func load(_ count: Int) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<count / 8 {
                            let answer = try await service.request("GET", "/keys", timeout: .seconds(10))
                            #expect(answer.status == 200)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        private var lines: [Substring] { service.log.split(separator: "\n") }

        /// The number of requests that logged a line.
        var told: Int {
            lines.count { $0.contains(#""message":"request""#) && $0.contains(#""route":"/api/v1/keys""#) }
        }

        /// The number of lost lines, as reported in the log.
        var lost: Int {
            lines.compactMap { $0.firstMatch(of: /log lines were lost.*"lines":"(\d+)"/).flatMap { Int($0.1) } }
                .reduce(0, +)
        }

        /// The `data` of a health route.
        func health(_ path: String) async throws -> [String: String] {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: service.url + path), timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 1 << 16)
            let object = try JSONSerialization.jsonObject(with: Data(buffer: body)) as? [String: Any]
            #expect(response.status == .ok)
            return object?["data"] as? [String: String] ?? [:]
        }

        /// Waits until a condition of another process holds.
        func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
            let end = ContinuousClock.now + .seconds(20)
            while .now < end {
                if try await isSo() { return true }
                try await Task.sleep(for: .milliseconds(20))
            }
            return false
        }
    }

    @Test func `who stops reading the log costs lines, which are counted, and no request`() async throws {
        let piped = try await Piped.start()
        defer { piped.readOn() }
        #expect(try await piped.health("/readyz") == ["status": "ready"])
        piped.stopReading()
        // The pipe holds 64 KiB, the queue 16 KiB; a line has about 200 bytes.
        try await piped.load(1600)
        let degraded = try await piped.health("/readyz")
        #expect(degraded["status"] == "ready" && degraded["degraded"]?.contains("log lines are being lost") ?? false)
        #expect(try await piped.health("/healthz")["degraded"] != nil)
        piped.readOn()
        #expect(try await piped.eventually { try await piped.health("/readyz") == ["status": "ready"] })
        // Every request logged a line, or is among the counted losses.
        let isComplete = try await piped.eventually { piped.told + piped.lost == 1600 }
        #expect(isComplete, "\(piped.told) lines, \(piped.lost) lost")
        #expect(piped.lost > 0)
        try await piped.load(8)
        #expect(await piped.service.stop() == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a service whose log nobody reads ends when it is told to`(_ signal: Int32) async throws {
        let piped = try await Piped.start()
        defer { kill(piped.reader, SIGKILL) }
        piped.stopReading()
        try await piped.load(1600)
        let start = ContinuousClock.now
        #expect(await piped.service.stop(signal) == 0)
        #expect(.now - start < .seconds(20))
    }

    @Test func `a reader that is gone costs the log, not the service`() async throws {
        let piped = try await Piped.start()
        kill(piped.reader, SIGKILL)
        try await piped.load(400)
        #expect(try await piped.health("/readyz")["degraded"] != nil)
        #expect(await piped.service.stop() == 0)
    }

    @Test func `a process of the token's writes into the same pipe and stops nothing either`() async throws {
        let piped = try await Piped.start(["KMS_TOKEN_ISOLATION": "process", "KMS_LOG_LEVEL": "trace"])
        defer { piped.readOn() }
        #expect(try await piped.service.request("POST", "/keys", #"{"name":"a"}"#).status == 201)
        piped.stopReading()
        try await piped.load(1600)
        for _ in 0..<50 {
            #expect(try await piped.service.request("POST", "/keys/a/data-key", timeout: .seconds(10)).status == 200)
        }
        piped.readOn()
        #expect(await piped.service.stop() == 0)
    }
}
