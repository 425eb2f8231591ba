import Foundation
import KMSTesting
import ServiceTesting
import Synchronization
import Testing

/// The contents of the real service's memory while it works. Reading another process's memory requires its permission here
/// (`process.core-dumps: true`), or root.
@Suite struct MemoryTests {
    /// The secrets that were handed out, and the times.
    private final class Secrets: Sendable {
        private struct Secret {
            let bytes: Data
            let time: ContinuousClock.Instant
        }

        private let all = Mutex<[Secret]>([])
        private let over = Mutex(false)

        var isOver: Bool { over.withLock { $0 } }
        func end() { over.withLock { $0 = true } }
        func add(_ bytes: Data) { all.withLock { $0.append(Secret(bytes: bytes, time: .now)) } }

        /// Returns the last 50 secrets that were answered longer ago than `age`, in the forms in which memory may hold them: raw,
        /// base64, hexadecimal.
        ///
        /// - Parameter length: the length of the secrets to return; nil for all.
        func old(than age: Duration, length: Int? = nil) -> [Data] {
            let now = ContinuousClock.now
            return all.withLock { all in
                all.filter { now - $0.time > age && $0.bytes.count == length ?? $0.bytes.count }
            }.suffix(50).flatMap { secret in
                [
                    secret.bytes, Data(secret.bytes.base64EncodedString().utf8),
                    Data(secret.bytes.map { String(format: "%02x", $0) }.joined().utf8),
                ]
            }
        }
    }

    private static let readable = ["KMS_PROCESS_CORE_DUMPS": "true"]

    /// Returns the indices of the texts that are in writable memory of a process.
    private func found(_ needles: [Data], in process: Int32, _ machine: Machine) async throws -> [Int] {
        let list = machine.path("needles-\(UUID().uuidString)")
        try needles.map { $0.base64EncodedString() }.joined(separator: "\n")
            .write(toFile: list, atomically: true, encoding: .utf8)
        let script = """
            import base64, sys
            needles = [base64.b64decode(line) for line in open(sys.argv[2])]
            found = set()
            memory = open(f"/proc/{sys.argv[1]}/mem", "rb", 0)
            total = 0
            size = 1 << 18
            nothing = bytes(size)
            for line in open(f"/proc/{sys.argv[1]}/maps"):
                place, rights = line.split()[:2]
                if not rights.startswith("rw"): continue
                start, end = (int(number, 16) for number in place.split("-"))
                before = b""
                while start < end:
                    try:
                        memory.seek(start)
                        piece = memory.read(min(end - start, size))
                    except OSError:
                        break
                    if not piece: break
                    start += len(piece)
                    if piece == nothing[:len(piece)]: continue
                    total += len(piece)
                    # What lies across two pieces is found in the second.
                    piece = before + piece
                    found |= {number for number, needle in enumerate(needles) if needle in piece}
                    before = piece[-64:]
            if total < 1 << 20: sys.exit(f"only {total} bytes could be read")
            print(*sorted(found))
            """
        let outcome = try await machine.run("python3", "-c", script, "\(process)", list)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }

    /// Returns the bearer token that was used once before the load, without the prefix that all tokens share.
    private func token(_ machine: Machine) throws -> [Data] {
        let text = try String(contentsOfFile: machine.path("credentials/user.token"), encoding: .utf8)
        return [Data(text.trimmingCharacters(in: .whitespacesAndNewlines).suffix(32).utf8)]
    }

    private func load(_ service: Service, _ secrets: Secrets) async {
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<6 {
                group.addTask {
                    while !secrets.isOver {
                        guard let issued = try? await service.request("POST", "/keys/k/data-key"), issued.status == 200,
                            let plaintext = Data(base64Encoded: issued.data["plaintext"] ?? "")
                        else { continue }
                        secrets.add(plaintext)
                        let own = Data((0..<48).map { _ in UInt8.random(in: 0...255) })
                        let body = #"{"plaintext":"\#(own.base64EncodedString())"}"#
                        guard let encrypted = try? await service.request("POST", "/keys/k/encrypt", body),
                            encrypted.status == 200, let ciphertext = encrypted.data["ciphertext"]
                        else { continue }
                        _ = try? await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
                        secrets.add(own)
                        // Every connection is used, so that none keeps its last data for long.
                        if client == 0 { _ = try? await service.request("GET", "/keys/k") }
                    }
                }
            }
        }
    }

    @Test(arguments: ["none", "process"])
    func `no data key, no plaintext and no PIN is in memory a second after it was answered`(_ isolation: String)
        async throws
    {
        let machine = try await Machine()
        let service = try await Service.start(
            on: machine, with: Self.readable.merging(["KMS_TOKEN_ISOLATION": isolation]) { $1 })
        #expect(try await service.request("POST", "/keys", #"{"name":"k"}"#).status == 201)
        // Used once.
        #expect(try await service.request("GET", "/keys/k", as: "user").status == 200)
        let secrets = Secrets()
        async let clients: Void = load(service, secrets)
        while secrets.old(than: .milliseconds(1200)).count < 150 { try await Task.sleep(for: .milliseconds(20)) }
        let needles = secrets.old(than: .seconds(1)) + [Data(Machine.pin.utf8)]
        let found = try await found(needles, in: service.processID, machine)
        #expect(found.isEmpty, "\(found.count) of \(needles.count) are there, as \(Set(found.map { $0 % 3 }))")
        let held = try await self.found(token(machine), in: service.processID, machine)
        #expect(held.isEmpty, "a bearer token is there")
        if let child = service.tokenProcessID {
            let there = try await self.found(needles, in: child, machine)
            #expect(there.isEmpty, "\(there.count) of \(needles.count) are in the token's process")
        }
        secrets.end()
        await clients
        #expect(await service.stop() == 0)
    }

    /// The remains after the load has just ended: almost nothing if freed memory is overwritten, the secrets if it is not.
    ///
    /// Without overwriting, other data may lie over all of them by chance, so several services are tried.
    @Test(arguments: [true, false]) func `freed memory is overwritten, unless it is switched off`(_ isOn: Bool)
        async throws
    {
        var found = try await remains(overwriting: isOn)
        for _ in 0..<4 where !isOn && found.isEmpty { found = try await remains(overwriting: isOn) }
        #expect(found.isEmpty == isOn, "\(found)")
    }

    /// Returns the places of the data keys that are in a service's memory after a load.
    private func remains(overwriting isOn: Bool) async throws -> [Int] {
        let machine = try await Machine()
        let service = try await Service.start(
            on: machine, with: Self.readable.merging(["KMS_PROCESS_ZERO_FREED_MEMORY": "\(isOn)"]) { $1 })
        #expect(try await service.request("POST", "/keys", #"{"name":"k"}"#).status == 201)
        let secrets = Secrets()
        async let clients: Void = load(service, secrets)
        while secrets.old(than: .milliseconds(300)).count < 150 { try await Task.sleep(for: .milliseconds(20)) }
        secrets.end()
        await clients
        // Data keys only, because the last data sent to the service stays in the receive buffer of an idle connection.
        let found = try await found(secrets.old(than: .zero, length: 32), in: service.processID, machine)
        #expect(await service.stop() == 0)
        return found
    }

    /// glibc reads its tunables before a program begins, so the service re-executes itself as the same process. Settings of the
    /// operator are kept.
    @Test(arguments: [nil, "glibc.malloc.check=0"])
    func `the heap keeps freed blocks at hand, unless its tunables are set already`(_ given: String?) async throws {
        let service = try await Service.start(
            on: Machine(), with: Self.readable.merging(given.map { ["GLIBC_TUNABLES": $0] } ?? [:]) { $1 })
        let environment = try Data(contentsOf: URL(filePath: "/proc/\(service.processID)/environ"))
            .split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        #expect(environment.contains("GLIBC_TUNABLES=\(given ?? "glibc.malloc.tcache_count=80")"))
        #expect(try await service.request("GET", "/keys").status == 200)
        #expect(await service.stop() == 0)
    }

    @Test func `with the module in its own process, no version key is in the memory of the service`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(
            on: machine, with: Self.readable.merging(Machine.isolated) { $1 })
        // A key whose bytes are known, because they were imported.
        let material = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        try await importKey(material, on: service)
        for number in 0..<50 {
            let issued = try await service.request("POST", "/keys/brought/data-key")
            #expect(issued.status == 200, "\(number): \(issued.text)")
        }
        // Searched together with a text that is certainly present, to show that the search works.
        let path = Data(machine.path("kms.sqlite").utf8)
        #expect(try await found([material, path], in: service.processID, machine) == [1])
        #expect(await service.stop() == 0)
    }

    private func importKey(_ material: Data, on service: Service) async throws {
        let machine = service.machine
        #expect(try await service.kms("key", "create", "brought", "--imported").status == 0)
        let job = try await service.kms(
            "import-job", "create", "--method", "RSAES_OAEP_SHA_1", "--public-key-out", machine.path("import.pem"),
            "--json")
        #expect(job.status == 0, "\(job.errors)")
        let object = try JSONSerialization.jsonObject(with: job.output) as? [String: Any] ?? [:]
        let id = try #require(object["id"] as? String ?? object["importJobId"] as? String, "\(job.text)")
        try material.write(to: URL(filePath: machine.path("material")))
        let wrapped = try await machine.run(
            "openssl", "pkeyutl", "-encrypt", "-pubin", "-inkey", machine.path("import.pem"), "-in",
            machine.path("material"), "-out", machine.path("wrapped"), "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt",
            "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1")
        #expect(wrapped.status == 0, "\(wrapped.errors)")
        let imported = try await service.kms(
            "key", "import", "brought", "--job", id, "--wrapped", machine.path("wrapped"))
        #expect(imported.status == 0, "\(imported.errors)")
    }

    @Test func `the processes leave no core dump, and the token's has no network, no programs and no capabilities`()
        async throws
    {
        let service = try await Service.start(on: try await Machine(), with: Machine.isolated)
        let child = try #require(service.tokenProcessID)
        func status(_ process: Int32, _ name: String) throws -> String {
            let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
            return line.split(separator: "\t").last.map(String.init) ?? ""
        }
        for process in [service.processID, child] {
            let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            #expect(limits.firstMatch(of: #/Max core file size\s+0 /#) != nil)
        }
        for name in ["CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"] {
            #expect(try status(child, name) == "0000000000000000", "\(name)")
        }
        #expect(try status(child, "NoNewPrivs") == "1")
        #expect(try status(child, "Seccomp") == "2")
        let started = try #require(service.log.split(separator: "\n").first { $0.contains("token process started") })
        #expect(started.contains("no programs, no network, no local sockets (seccomp)"))
        #expect(try await service.request("POST", "/keys", #"{"name":"k"}"#).status == 201)
        #expect(await service.stop() == 0)
    }
}
