import Foundation
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// The example `Examples/column-encryption`, against a running service.
@Suite(.timeLimit(.minutes(2))) struct ColumnEncryptionTests {
    private static let iban = "GB33BUKB20201555555555"

    @Test func `the column is encrypted in the database, and readable through the server`() async throws {
        try await withService { service in
            #expect(try await service.kms("key", "create", "customers").status == 0)
            let server = try await Server(of: service)
            #expect(try await server.put("17", #"{"name":"Ada Byron","iban":"\#(Self.iban)"}"#) == 204)
            let shown =
                try JSONSerialization.jsonObject(with: Data(try await server.get("17").utf8)) as? [String: String]
            #expect(shown == ["id": "17", "iban": Self.iban, "name": "Ada Byron"])
            #expect(try await server.put("18", #"{"name":"Eve","iban":"DE00"}"#) == 204)
            // The key is rotated, and stored values can still be read by a new server.
            #expect(try await service.kms("key", "rotate", "customers").status == 0)
            await server.stop()
            let again = try await Server(of: service)
            #expect(try await again.get("17").contains(Self.iban))
            // An account that is copied into another row is detected.
            _ = try await service.machine.run(
                "sqlite3", again.database,
                "UPDATE customer SET iban = (SELECT iban FROM customer WHERE id = '17') WHERE id = '18'")
            #expect(try await !again.get("18").contains(Self.iban))
            await again.stop()
            let stored = try Data(contentsOf: URL(filePath: again.database))
            #expect(stored.range(of: Data("Ada Byron".utf8)) != nil)
            #expect(stored.range(of: Data(Self.iban.utf8)) == nil)
        }
    }

    /// The example's server.
    private struct Server {
        let database: String
        private let machine: Machine
        private let process: ChildProcess
        private let url: String

        init(of service: Service) async throws {
            machine = service.machine
            database = machine.path("customers.sqlite")
            let output = machine.path("column-encryption-\(UUID().uuidString).log")
            let program = URL(filePath: Command.product).deletingLastPathComponent().appending(path: "ColumnEncryption")
            process = try ChildProcess(
                program.path, [],
                environment: [
                    "KMS_URL": service.url, "KMS_TOKEN_FILE": machine.path("credentials/manager.token"),
                    "DATABASE": database, "PORT": "0",
                ], output: output, errors: output)
            let started = ContinuousClock.now
            while ContinuousClock.now - started < .seconds(30), process.isRunning {
                let log = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
                if let port = log.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/)?.1 {
                    url = "http://127.0.0.1:\(port)/customers/"
                    return
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            process.signal(SIGKILL)
            _ = process.wait()
            let log = try String(contentsOfFile: output, encoding: .utf8)
            throw CommandFailure("the example does not listen: \(log)")
        }

        func put(_ id: String, _ body: String) async throws -> Int? {
            let outcome = try await machine.run(
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT", "-H",
                "Content-Type: application/json",
                "-d", body, url + id)
            return Int(outcome.text)
        }

        func get(_ id: String) async throws -> String { try await machine.run("curl", "-s", url + id).text }

        func stop() async {
            await onOwnThread("stop") { [process] in
                process.signal(SIGTERM)
                _ = process.wait()
            }
        }
    }
}
