import CBench
import Foundation
import KMSTesting

/// A running `kms serve`.
struct RunningService {
    let machine: Machine
    let port: UInt16
    let process: ChildProcess
    let log: String
    let started: ContinuousClock.Instant

    var processID: Int32 { process.processID }

    /// The resident memory in kB.
    var residentMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) } ?? 0
    }

    /// Ends the service and deletes its log, which has one line per request.
    func stop() {
        process.signal(SIGTERM)
        _ = process.wait()
        try? FileManager.default.removeItem(atPath: log)
    }

    /// Returns a request of the API as sent over the connection.
    func request(_ method: String, _ path: String, _ body: String = "", as role: String = "user") throws -> [UInt8] {
        let head = """
            \(method) /api/v1\(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            X-Auth-Token: \(try machine.bearer(role))\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        return Array((head + body).utf8)
    }

    var healthRequest: [UInt8] { Array("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8) }

    /// Sends one request, which must succeed, and returns its `data`.
    @discardableResult
    func ask(
        _ method: String, _ path: String, _ body: String = "", as role: String = "manager"
    ) throws -> [String: Any] {
        var memory: UnsafeMutablePointer<UInt8>?
        var count = 0
        let status = try request(method, path, body, as: role).withUnsafeBufferPointer {
            bench_exchange(port, $0.baseAddress, $0.count, &memory, &count)
        }
        // Unsafe: the body is allocated by malloc, owned by this function, and freed on return.
        defer { free(memory) }
        let text = Array(UnsafeBufferPointer(start: memory, count: count))
        guard (200..<300).contains(status) else {
            throw BenchFailure("\(method) \(path): \(status) \(String(decoding: text, as: UTF8.self))")
        }
        return try Self.data(text)
    }

    static func data(_ answer: [UInt8]) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
        return object?["data"] as? [String: Any] ?? [:]
    }

    /// Makes a key.
    func make(_ key: String, algorithm: String = "AES256-GCM96") throws {
        try ask("POST", "/keys", #"{"name":"\#(key)","algorithm":"\#(algorithm)"}"#)
    }

    /// Issues a data key and returns its ciphertext in the text form.
    func issue(_ key: String) throws -> String {
        let data = try ask("POST", "/keys/\(key)/data-key", as: "user")
        guard let text = data["ciphertextText"] as? String ?? data["ciphertext"] as? String else {
            throw BenchFailure("a data key without a ciphertext: \(data.keys.sorted())")
        }
        return text
    }
}
