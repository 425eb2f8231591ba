import Foundation
import Glibc
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// Faults of the machine: full disks, wrong clocks, locked files, exhausted descriptors. Each fault is reported clearly, nothing
/// is lost, and the service recovers when the cause is gone.
@Suite struct AdversityTests {
    /// Returns a separate disk for store and audit, in a namespace of the service.
    private static func onDisk(_ machine: Machine, then command: String = "true") -> (wrapper: [String], disk: String) {
        let disk = machine.path("disk")
        let script = """
            mkdir -p '\(disk)' && mount -t tmpfs -o size=16m,mode=0700 tmpfs '\(disk)' \
            && cp -a '\(machine.path("kms.sqlite"))' '\(disk)/' && \(command) && exec "$0" "$@"
            """
        return (["unshare", "-rm", "bash", "-c", script], disk)
    }

    private func create(_ name: String, on service: Service) async throws -> Service.Answer {
        try await service.request("POST", "/keys", #"{"name":"\#(name)"}"#)
    }

    private func dataKey(on service: Service) async throws -> Service.Answer {
        try await service.request("POST", "/keys/a/data-key")
    }

    private func opens(_ issued: Service.Answer, on service: Service) async throws -> Bool {
        let body = #"{"ciphertext":"\#(issued.data["ciphertext"] ?? "")"}"#
        return try await service.request("POST", "/decrypt", body).data["plaintext"] == issued.data["plaintext"]
    }

    private func expectWholeChain(of machine: Machine, in folder: String? = nil) async throws {
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        let verified = try await machine.kms(
            "audit", "verify", folder ?? machine.path("audit"), "--public-key", machine.path("audit.pem"))
        #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
    }

    @Test func `a full disk is told, what was answered is there, and it goes on when there is room`() async throws {
        let machine = try await Machine()
        let (wrapper, disk) = Self.onDisk(machine)
        let service = try await Service.start(
            on: machine, with: ["KMS_STORE_PATH": "\(disk)/kms.sqlite", "KMS_PROCESS_CORE_DUMPS": "true"],
            through: wrapper)
        #expect(try await create("a", on: service).status == 201)
        let before = try await dataKey(on: service)
        // The service's disk, as seen from this process.
        let seen = "/proc/\(service.processID)/root\(disk)"
        let filled = try await machine.run("dd", "if=/dev/zero", "of=\(seen)/filler", "bs=4096")
        #expect(filled.errors.contains("No space left"))
        for number in 0..<20 {
            let answer = try await create("full-\(number)", on: service)
            #expect(answer.status == 503, "\(answer.text)")
            #expect(["AUDIT_UNAVAILABLE", "STORE_UNAVAILABLE"].contains(answer.code))
        }
        #expect(try await dataKey(on: service).status == 503)
        try FileManager.default.removeItem(atPath: "\(seen)/filler")
        #expect(try await opens(before, on: service))
        #expect(try await create("b", on: service).status == 201)
        let list = try await service.request("GET", "/keys")
        #expect(!list.text.contains("full-"), "what was refused is not there")
        try await expectWholeChain(of: machine, in: "\(seen)/audit")
        #expect(await service.stop() == 0)
    }

    @Test func `a store that cannot be written to is refused at the start`() async throws {
        let machine = try await Machine()
        let (wrapper, disk) = Self.onDisk(machine, then: "mount -o remount,ro '\(machine.path("disk"))'")
        let arguments = wrapper + [Command.product, "serve", "--port", "0"]
        let outcome = try await Command.run(
            "/usr/bin/env", arguments, input: Data(),
            environment: machine.environment.merging(["KMS_STORE_PATH": "\(disk)/kms.sqlite"]) { $1 })
        #expect(outcome.status == 4, "\(outcome.errors)")
        #expect(
            outcome.errors.contains("Read-only file system") || outcome.errors.contains("readonly"), "\(outcome.errors)"
        )
    }

    @Test func `a store that somebody locks makes changes wait and then fail, and cryptography goes on`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        #expect(try await create("a", on: service).status == 201)
        let before = try await dataKey(on: service)
        let script = """
            import sqlite3, sys, time
            store = sqlite3.connect(sys.argv[1], isolation_level=None)
            store.execute("BEGIN IMMEDIATE")
            open(sys.argv[2], "w").close()
            time.sleep(8)
            store.execute("ROLLBACK")
            """
        async let locking = machine.run("python3", "-c", script, machine.path("kms.sqlite"), machine.path("locked"))
        while !FileManager.default.fileExists(atPath: machine.path("locked")) {
            try await Task.sleep(for: .milliseconds(10))
        }
        async let refused = create("b", on: service)
        #expect(try await opens(before, on: service))
        let answer = try await refused
        #expect(answer.status == 503 && answer.code == "BUSY", "\(answer.text)")
        #expect(try await locking.status == 0)
        #expect(try await create("b", on: service).status == 201)
        try await expectWholeChain(of: machine)
        #expect(await service.stop() == 0)
    }

    @Test func `a clock that is set back by a day changes nothing for what is there`() async throws {
        let machine = try await Machine()
        let clock = machine.path("clock")
        try machine.write("+0", to: "clock")
        let library = try #require(
            ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].map { "\($0)/faketime/libfaketimeMT.so.1" }
                .first { FileManager.default.fileExists(atPath: $0) }, "install faketime")
        let faked = [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "KMS_KEYS_LEAST_DESTRUCTION_DAYS": "0",
            "KMS_SCHEDULER_INTERVAL": "50ms",
        ]
        var service = try await Service.start(on: machine, with: faked)
        #expect(try await create("a", on: service).status == 201)
        let before = try await dataKey(on: service)
        let today = try await service.request("GET", "/keys/a").data["createdAt"] ?? ""
        try machine.write("-1d", to: "clock")
        #expect(try await create("b", on: service).status == 201)
        let yesterday = try await service.request("GET", "/keys/b").data["createdAt"] ?? ""
        #expect(!today.isEmpty && yesterday < today, "\(yesterday) \(today): the clock was not set back")
        #expect(try await opens(before, on: service))
        #expect(try await opens(try await dataKey(on: service), on: service))
        #expect(try await service.request("POST", "/keys/a/rotate").status == 200)
        let scheduled = try await service.request(
            "POST", "/keys/a/versions/1/schedule-destruction", #"{"days":1}"#)
        #expect(scheduled.status == 200, "\(scheduled.text)")
        // Due by the clock of the next day, and by no other.
        try await Task.sleep(for: .milliseconds(300))
        let version = try await service.request("GET", "/keys/a/versions/1")
        #expect(version.data["state"] == "pendingDestruction", "\(version.text)")
        #expect(await service.stop() == 0)
        // A new process, because libfaketime also moves the clock of timers, which no real system does.
        try machine.write("+2d", to: "clock")
        service = try await Service.start(on: machine, with: faked)
        for _ in 0..<500 {
            if try await service.request("GET", "/keys/a/versions/1").data["state"] == "destroyed" { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await service.request("GET", "/keys/a/versions/1").data["state"] == "destroyed")
        try await expectWholeChain(of: machine)
        #expect(await service.stop() == 0)
    }

    @Test func `with few descriptors further connections wait, and those that are there are served`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(
            on: machine,
            with: [
                "KMS_TOKEN_WORKERS": "4", "KMS_SERVER_MAX_CONNECTIONS_PER_SOURCE": "512",
                "KMS_SERVER_HEADER_TIMEOUT": "1m",
            ],
            through: ["bash", "-c", #"ulimit -n 160; exec "$0" "$@""#])
        #expect(try await create("a", on: service).status == 201)
        let before = try await dataKey(on: service)
        let port = try #require(service.url.split(separator: ":").last.flatMap { UInt16($0) })
        // More than the limit, all at once. While they are open, libdispatch checks its threads once a second.
        let sockets = (0..<250).map { _ in Self.connect(to: port) }
        #expect(sockets.allSatisfy { $0 >= 0 })
        for round in 0..<30 {
            let answer = try await dataKey(on: service)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await create("b\(round)", on: service).status == 201)
            try await Task.sleep(for: .milliseconds(100))
        }
        let late = Self.connect(to: port)
        #expect(!Self.isAnswered(late, within: 500))
        for socket in sockets { close(socket) }
        // The service closes that many connections one after the other, and then serves the waiting client.
        #expect(Self.isAnswered(late, within: 10_000))
        close(late)
        #expect(try await opens(before, on: service))
        try await expectWholeChain(of: machine)
        #expect(await service.stop() == 0)
    }

    @Test func `with too few descriptors for any connection it does not start`() async throws {
        let machine = try await Machine()
        let outcome = try await Command.run(
            "/usr/bin/env",
            ["timeout", "30", "bash", "-c", #"ulimit -n 60; exec "$0" "$@""#, Command.product, "serve", "--port", "0"],
            input: Data(),
            environment: machine.environment.merging(["KMS_TOKEN_WORKERS": "4"]) { $1 })
        #expect(outcome.status == 2, "\(outcome.errors)")
        #expect(outcome.errors.contains("60 descriptors may be open"), "\(outcome.errors)")
    }

    /// Returns true if a request on a connection gets an answer within `milliseconds`.
    private static func isAnswered(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        let request = Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) > 0 else { return false }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) == 1
    }

    private static func connect(to port: UInt16) -> Int32 {
        // Close-on-exec, because other tests start processes meanwhile. Otherwise the connection would stay open there after it
        // is closed here.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? descriptor : -1
    }
}
