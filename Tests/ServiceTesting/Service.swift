import AsyncHTTPClient
package import Foundation
import KMSTesting
package import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Synchronization
import ThreadExecutor

/// A running `kms serve` on a port of its own. It ends with this value at the latest.
package final class Service: Sendable {
    package let url: String
    package let machine: Machine
    private let process: ChildProcess
    private let logPath: String
    private let status = Mutex<Int32?>(nil)

    /// Starts the service and returns when it listens.
    ///
    /// - Parameter wrapper: a program with arguments that finally becomes the service, by `exec "$0" "$@"`.
    package static func start(
        on machine: Machine, _ arguments: String..., with more: [String: String] = [:], through wrapper: [String] = []
    ) async throws -> Service {
        let logPath = machine.path("serve-\(UUID().uuidString).log")
        let command = wrapper + [Command.product, "serve", "--port", "0"] + arguments
        let process = try ChildProcess(
            "/usr/bin/env", command,
            environment: machine.environment.merging(more) { $1 }, errors: logPath)
        let started = ContinuousClock.now
        while ContinuousClock.now - started < .seconds(30), process.isRunning {
            let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
            if let line = log.split(separator: "\n").first(where: { $0.contains("\"message\":\"listening\"") }),
                let port = line.firstMatch(of: /"port":"(\d+)"/)?.1
            {
                return Service(url: "http://127.0.0.1:\(port)", machine: machine, process: process, logPath: logPath)
            }
            // The other process needs time; only its log can be waited for.
            try await Task.sleep(for: .milliseconds(10))
        }
        let wasRunning = process.isRunning
        process.signal(SIGKILL)
        let status = process.wait()
        let took = ContinuousClock.now - started
        throw CommandFailure(
            "the service does not listen: after \(took) it \(wasRunning ? "was still starting" : "had ended with \(status)"): "
                + "\((try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "its log cannot be read")")
    }

    private init(url: String, machine: Machine, process: ChildProcess, logPath: String) {
        self.url = url
        self.machine = machine
        self.process = process
        self.logPath = logPath
    }

    deinit {
        status.withLock { status in
            guard status == nil else { return }
            process.signal(SIGKILL)
            status = process.wait()
        }
    }

    package var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    package var processID: Int32 { process.processID }

    /// The token's process of the service; nil if it has none at the moment.
    package var tokenProcessID: Int32? {
        let path = "/proc/\(processID)/task"
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        // Not lazily, because the files change each time.
        for task in tasks {
            let children = (try? String(contentsOfFile: "\(path)/\(task)/children", encoding: .utf8)) ?? ""
            if let first = children.split(separator: " ").first { return Int32(first) }
        }
        return nil
    }

    /// The resident memory of the process, in kB.
    package var residentMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) } ?? 0
    }

    /// Stops the service and waits for its end.
    @discardableResult
    package func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        await onOwnThread("service-stop") { [self] in
            // The number of a process that was waited for may belong to another process.
            status.withLock { status in
                if let status { return status }
                process.signal(signal)
                let new = process.wait()
                status = new
                return new
            }
        }
    }

    /// Runs a client command against this service.
    @discardableResult
    package func kms(_ arguments: String..., input: Data = Data(), as credential: String = "manager") async throws
        -> Outcome
    {
        let more = ["KMS_URL": url, "KMS_TOKEN_FILE": machine.path("credentials/\(credential).token")]
        return try await Command.run(
            Command.product, arguments, input: input, environment: machine.environment.merging(more) { $1 })
    }

    /// An answer of the API.
    package struct Answer: Sendable {
        package let status: UInt
        package let code: String
        package let message: String
        package let text: String
        /// The strings and numbers of `data`.
        package let data: [String: String]
    }

    /// Sends one request, through an independent HTTP client.
    package func request(
        _ method: String = "POST", _ path: String, _ body: String? = nil, as credential: String = "manager",
        id: String? = nil, timeout: TimeAmount = .seconds(30)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + "/api/v1" + path)
        request.method = .RAW(value: method)
        let token = try String(contentsOfFile: machine.path("credentials/\(credential).token"), encoding: .utf8)
        request.headers.add(name: "X-Auth-Token", value: token)
        if let id { request.headers.add(name: "X-Request-Id", value: id) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return try Self.parse(response.status.code, Data(buffer: bytes))
    }

    private static func parse(_ status: UInt, _ bytes: Data) throws -> Answer {
        let object = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
        let data = (object["data"] as? [String: Any] ?? [:]).mapValues { "\($0)" }
        return Answer(
            status: status, code: object["code"] as? String ?? "", message: object["message"] as? String ?? "",
            text: String(decoding: bytes, as: UTF8.self), data: data)
    }
}

/// Starts a machine with a running service, and stops it whatever the test does.
package func withService(on machine: Machine? = nil, _ body: (Service) async throws -> Void) async throws {
    let service: Service
    if let machine {
        service = try await Service.start(on: machine)
    } else {
        service = try await Service.start(on: Machine())
    }
    do {
        try await body(service)
    } catch {
        await service.stop(SIGKILL)
        throw error
    }
    await service.stop(SIGKILL)
}
