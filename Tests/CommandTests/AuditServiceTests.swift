import Crypto
import Foundation
import ServiceTesting
import Synchronization
import Testing

/// The audit log of the real service: every answered operation is in it, whatever process dies.
@Suite struct AuditServiceTests {
    /// The number of times that the service is killed; `KMS_KILLS` increases it.
    private static let kills = ProcessInfo.processInfo.environment["KMS_KILLS"].flatMap(Int.init) ?? 6

    private func publicKey(_ machine: Machine) async throws -> String {
        let path = machine.path("audit.pem")
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        return path
    }

    /// Returns the operations of the chain, as Foundation reads them.
    private func lines(_ machine: Machine) throws -> [[String: Any]] {
        let folder = machine.path("audit")
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }.sorted()
            .flatMap { name in
                try Data(contentsOf: URL(filePath: "\(folder)/\(name)")).split(separator: UInt8(ascii: "\n")).map {
                    try JSONSerialization.jsonObject(with: $0) as? [String: Any] ?? [:]
                }
            }
    }

    @Test func `every operation is in the chain, which verifies with the files and the public key alone`() async throws
    {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        let issued = try await service.request("POST", "/keys/a/data-key", #"{"context":{"use":"test"}}"#, as: "user")
        let plaintext = try #require(issued.data["plaintext"])
        let ciphertext = try #require(issued.data["ciphertext"])
        _ = try await service.request("POST", "/keys/a/rotate", as: "user")
        _ = try await service.request("GET", "/keys/nothing")
        #expect(await service.stop() == 0)
        let key = try await publicKey(machine)
        let folder = machine.path("audit")
        let verified = try await machine.kms(
            "audit", "verify", folder, "--public-key", key, "--require-final-checkpoint")
        #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
        let found = try lines(machine).filter { $0["type"] as? String == "operation" }
        func operations(_ verb: String) -> [[String: Any]] { found.filter { $0["verb"] as? String == verb } }
        #expect(operations("createKey").map { $0["outcome"] as? String } == ["intended", "succeeded"])
        let use = try #require(operations("issueDataKey").first)
        #expect(use["subject"] as? String == "user" && use["project"] as? String == "default")
        #expect(use["source"] as? String == "127.0.0.1" || use["source"] == nil)
        #expect(operations("rotateKey").map { $0["outcome"] as? String } == ["denied"])
        #expect(operations("describeKey").map { $0["code"] as? String } == ["KEY_NOT_FOUND"])
        let all = try FileManager.default.contentsOfDirectory(atPath: folder)
            .map { String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\($0)")), as: UTF8.self) }.joined()
        let tokens = try ["manager", "user", "admin"].map {
            try String(contentsOfFile: machine.path("credentials/\($0).token"), encoding: .utf8)
        }
        for secret in tokens + [plaintext, ciphertext, Machine.pin] { #expect(!all.contains(secret)) }
        let search = try await machine.kms("audit", "search", "--outcome", "denied", "--dir", folder)
        #expect(search.status == 0 && search.text.contains("rotateKey") && !search.text.contains("issueDataKey"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `killed at random moments under load, no answered operation is missing, and the chain goes on`() async throws {
        let machine = try await Machine()
        var answered: Set<String> = []
        for round in 0..<Self.kills {
            let service = try await Service.start(on: machine)
            if round == 0 {
                for number in 0..<4 { _ = try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#) }
            }
            let requests = AnsweredRequests()
            async let load: Void = withTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        while !requests.isOver {
                            let id = "r\(round)-\(client)-\(UUID().uuidString)"
                            let path = Bool.random() ? "/keys/k\(client % 4)/data-key" : "/keys/k\(client % 4)/rotate"
                            guard let answer = try? await service.request("POST", path, id: id) else { break }
                            if answer.status == 200 { requests.add(id) }
                        }
                    }
                }
            }
            let (end, enough) = (ContinuousClock.now + .seconds(60), Int.random(in: 4...150))
            while requests.all.count < enough, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...20)))
            }
            await service.stop(SIGKILL)
            requests.end()
            await load
            #expect(requests.all.count >= enough, "the service under load does nothing")
            answered.formUnion(requests.all)
        }
        #expect(answered.count > 3 * Self.kills, "\(answered.count) operations were answered")
        let service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys/k0/data-key").status == 200)
        #expect(await service.stop() == 0)
        let done = try lines(machine).filter { $0["outcome"] as? String == "succeeded" }
        let known = Set(
            done.compactMap { $0["request"] as? String ?? $0["requestId"] as? String ?? $0["request_id"] as? String })
        #expect(
            answered.subtracting(known).isEmpty, "\(answered.subtracting(known).count) of \(answered.count) are missing"
        )
        let verified = try await machine.kms(
            "audit", "verify", machine.path("audit"), "--public-key", try await publicKey(machine))
        #expect(verified.status == 0, "\(verified.text) \(verified.errors)")
    }

    @Test func `a store that was replaced by an older copy is noticed at start, and accepted only explicitly`()
        async throws
    {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        let issued = try await service.request("POST", "/keys/a/data-key")
        #expect(await service.stop() == 0)
        let copy = try Data(contentsOf: URL(filePath: machine.path("kms.sqlite")))
        service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys/a/rotate").status == 200)
        #expect(await service.stop() == 0)
        let abandoned = try Data(contentsOf: URL(filePath: machine.path("kms.sqlite")))
        try copy.write(to: URL(filePath: machine.path("kms.sqlite")))
        let refused = try await machine.kms("serve", "--port", "0")
        #expect(refused.status == 4, "\(refused.errors)")
        #expect(refused.errors.contains("set back") && refused.errors.contains("it is at revision 1, and was at 2"))
        service = try await Service.start(on: machine, "--accept-older-store")
        let back = try await service.request(
            "POST", "/decrypt", #"{"ciphertext":"\#(issued.data["ciphertext"] ?? "")"}"#)
        #expect(back.status == 200)
        #expect(await service.stop() == 0)
        // It was recorded, and is not reported again the next time.
        service = try await Service.start(on: machine)
        #expect(await service.stop() == 0)
        #expect(try lines(machine).contains { $0["verb"] as? String == "acceptOlderStore" })
        // The abandoned store had more changes, but is older all the same.
        try abandoned.write(to: URL(filePath: machine.path("kms.sqlite")))
        let again = try await machine.kms("serve", "--port", "0")
        #expect(again.status == 4 && again.errors.contains("set back"), "\(again.errors)")
    }

    @Test
    func `a store that nothing witnesses any more is accepted explicitly, and what was left behind is older then`()
        async throws
    {
        let machine = try await Machine()
        let store = URL(filePath: machine.path("kms.sqlite"))
        var service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        #expect(await service.stop() == 0)
        let copy = try Data(contentsOf: store)
        service = try await Service.start(on: machine)
        #expect(try await service.request("POST", "/keys/a/rotate").status == 200)
        #expect(await service.stop() == 0)
        let abandoned = try Data(contentsOf: store)
        try copy.write(to: store)
        for name in try FileManager.default.contentsOfDirectory(atPath: machine.path("audit"))
        where name.hasSuffix(".vector") {
            try FileManager.default.removeItem(atPath: machine.path("audit/\(name)"))
        }
        let refused = try await machine.kms("serve", "--port", "0")
        #expect(refused.status != 0 && refused.errors.contains(".vector"), "\(refused.errors)")
        service = try await Service.start(on: machine, "--accept-older-store")
        #expect(await service.stop() == 0)
        service = try await Service.start(on: machine)
        #expect(await service.stop() == 0)
        #expect(try lines(machine).contains { $0["verb"] as? String == "acceptOlderStore" })
        try abandoned.write(to: store)
        let again = try await machine.kms("serve", "--port", "0")
        #expect(again.status == 4 && again.errors.contains("set back"), "\(again.errors)")
    }

    @Test
    func
        `a single record that was set back is noticed beside, when many others were changed since, and ends the service`()
        async throws
    {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        #expect(await service.stop() == 0)
        let (store, copy) = (machine.path("kms.sqlite"), machine.path("copy.sqlite"))
        try FileManager.default.copyItem(atPath: store, toPath: copy)
        service = try await Service.start(on: machine)
        let running = service
        #expect(try await running.request("POST", "/keys/a/rotate").status == 200)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for start in 0..<8 {
                group.addTask {
                    var made = 0
                    for number in stride(from: start, to: 560, by: 8) {
                        made +=
                            try await running.request("POST", "/keys", #"{"name":"k\#(number)"}"#).status == 201 ? 1 : 0
                    }
                    return made
                }
            }
            var made = 0
            for try await count in group { made += count }
            #expect(made == 560)
        }
        #expect(await service.stop() == 0)
        let sql = """
            ATTACH '\(copy)' AS old; INSERT OR REPLACE INTO document
                SELECT * FROM old.document WHERE kind = 'key' AND name = CAST('ndefault' || x'00' || 'a' AS BLOB);
            """
        #expect(try await machine.run("/usr/bin/env", "sqlite3", store, sql).status == 0)
        let ended = try await machine.kms("serve", "--port", "0")
        #expect(ended.status == 4, "\(ended.errors)")
        #expect(ended.errors.contains("it is at revision 1, and was at 2") && ended.errors.contains("listening"))
    }

    @Test func `a broken chain is not gone on with`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        #expect(await service.stop() == 0)
        let path = machine.path("audit/audit-00000001.jsonl")
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        let refused = try await machine.kms("serve", "--port", "0")
        #expect(refused.status == 4 && refused.errors.contains("the audit chain is broken"), "\(refused.errors)")
    }

    @Test func `what is wrong before the end of a long file ends the service, with file and line, at each start`()
        async throws
    {
        let machine = try await Machine()
        let service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        #expect(await service.stop() == 0)
        let path = machine.path("audit/audit-00000001.jsonl")
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
        // A hole in the place of the second line: more than is read before the service serves.
        try (lines[0] + Data([0x0A])).write(to: URL(filePath: path))
        #expect(truncate(path, 1 << 34) == 0)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0x0A]) + Data(lines[2...].joined(separator: [0x0A])) + Data([0x0A]))
        try file.close()
        for _ in 0..<2 {
            let ended = try await machine.kms("serve", "--port", "0")
            #expect(ended.status == 4 && ended.errors.contains("listening"), "\(ended.errors)")
            #expect(ended.errors.contains("\(path)") && ended.errors.contains("line 2"), "\(ended.errors)")
        }
    }

    @Test func `a chain that begins anew beside a store with changes is warned of`() async throws {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        #expect(!service.log.contains("the audit chain has no checkpoint"), "\(service.log)")
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        #expect(await service.stop() == 0)
        try FileManager.default.removeItem(atPath: machine.path("audit"))
        service = try await Service.start(on: machine)
        #expect(service.log.contains("the audit chain has no checkpoint"), "\(service.log)")
        #expect(await service.stop() == 0)
        service = try await Service.start(on: machine)
        #expect(!service.log.contains("the audit chain has no checkpoint"), "\(service.log)")
        #expect(await service.stop() == 0)
    }

    @Test func `a forged line that reports an impossible counter is refused with its place, in both chains`()
        async throws
    {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        _ = try await service.request("POST", "/keys", #"{"name":"a"}"#)
        await service.stop(SIGKILL)
        // An operation of the service, not covered by a checkpoint, chained anew with another counter.
        func forge(_ path: String) throws -> Int {
            var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            let last = try #require(lines.last)
            let sequence = try #require(last.firstMatch(of: /"seq":(\d+)/).flatMap { Int($0.1) })
            let operation = try #require(
                try String(contentsOfFile: machine.path("audit/audit-00000001.jsonl"), encoding: .utf8)
                    .split(separator: "\n").last { $0.contains(#""state":[["#) && $0.contains("succeeded") })
            let hash = SHA256.hash(data: Data(last.utf8)).map { String(format: "%02x", $0) }.joined()
            let forged = operation.replacing(
                /"seq":\d+,"prev":"[0-9a-f]+"/, with: #""seq":\#(sequence + 1),"prev":"\#(hash)""#
            )
            .replacing(/"state":\[\[(\d+),\d+\]/) { #""state":[[\#($0.1),4611686018427387903]"# }
            lines.append(String(forged))
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
            return lines.count
        }
        let own = machine.path("audit/audit-00000001.jsonl")
        let line = try forge(own)
        let refused = try await machine.kms("serve", "--port", "0")
        #expect(refused.status == 4 && refused.errors.contains("line \(line)"), "\(refused.errors)")
        #expect(refused.errors.contains("which cannot be"), "\(refused.errors)")
        // A start that is refused keeps what the chain knows, and so keeps refusing; accepting ends it.
        let again = try await machine.kms("serve", "--port", "0")
        #expect(again.status == 4 && again.errors.contains("start once with"), "\(again.errors)")
        service = try await Service.start(on: machine, "--accept-older-store")
        #expect(await service.stop() == 0)
        service = try await Service.start(on: machine)
        #expect(await service.stop() == 0)
        let local = machine.path("audit-local/audit-00000001.jsonl")
        _ = try forge(local)
        let other = try await machine.kms("serve", "--port", "0")
        #expect(other.status == 4 && other.errors.contains("audit-local"), "\(other.errors)")
        // Accepting would not last.
        let accepted = try await machine.kms("serve", "--port", "0", "--accept-older-store")
        #expect(accepted.status == 4 && accepted.errors.contains("move the folder"), "\(accepted.errors)")
        // Without that folder the store is still held against the service's own chain.
        try FileManager.default.removeItem(atPath: machine.path("audit-local"))
        service = try await Service.start(on: machine)
        #expect(try await service.request("GET", "/keys/a").status == 200)
        #expect(await service.stop() == 0)
    }

    @Test func `two services do not write into one chain`() async throws {
        try await withService { service in
            let second = try await service.machine.kms("serve", "--port", "0")
            #expect(second.status == 4 && second.errors.contains("another process writes"), "\(second.errors)")
            #expect(try await service.request("GET", "/keys").status == 200)
        }
    }

    @Test func `the latest checkpoint is given to administrators, with the key that verifies it`() async throws {
        let machine = try await Machine()
        let service = try await Service.start(on: machine, with: ["KMS_AUDIT_CHECKPOINT_ENTRIES": "3"])
        for _ in 0..<6 { _ = try await service.request("GET", "/keys") }
        var published = try await service.request("GET", "/audit/checkpoint", as: "admin")
        for _ in 0..<100 where published.data["checkpoint"]?.contains("signature") != true {
            // The token signs it while requests are served.
            try await Task.sleep(for: .milliseconds(50))
            published = try await service.request("GET", "/audit/checkpoint", as: "admin")
        }
        let line = try #require(published.data["checkpoint"])
        #expect(try await service.request("GET", "/audit/checkpoint", as: "manager").status == 403)
        #expect(service.log.contains("audit checkpoint"))
        #expect(await service.stop() == 0)
        let key = try await publicKey(machine)
        try machine.write(line + "\n", to: "published.jsonl")
        let folder = machine.path("audit")
        let arguments = [
            "audit", "verify", folder, "--public-key", key, "--published", machine.path("published.jsonl"),
        ]
        let whole = try await Command.run(Command.product, arguments, input: Data(), environment: machine.environment)
        #expect(whole.status == 0, "\(whole.text)")
        // The end is cut off, from the published checkpoint on.
        let path = URL(filePath: folder + "/audit-00000001.jsonl")
        let lines = try Data(contentsOf: path).split(separator: UInt8(ascii: "\n"))
        let kept = lines.prefix { String(decoding: $0, as: UTF8.self) != line }
        try Data(kept.flatMap { $0 + [UInt8(ascii: "\n")] }).write(to: path)
        let cut = try await Command.run(Command.product, arguments, input: Data(), environment: machine.environment)
        #expect(cut.status == 4, "\(cut.text)")
    }
}

/// The requests that were answered, and the flag that ends the load.
private final class AnsweredRequests: Sendable {
    private let state = Mutex<(ids: Set<String>, isOver: Bool)>(([], false))

    var all: Set<String> { state.withLock { $0.ids } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func add(_ id: String) { state.withLock { _ = $0.ids.insert(id) } }

    func end() { state.withLock { $0.isOver = true } }
}
