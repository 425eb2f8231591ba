import AsyncHTTPClient
import Foundation
import KMSTesting
import NIOCore
import NIOHTTP1
import ServiceTesting
import Testing

/// The service with a token that is lost, hangs, or crashes its library, and returns.
@Suite struct FaultRecoveryTests {
    private struct Bench {
        let machine: Machine
        let faulty: FaultyModule
        let service: Service

        static func start(mirrors: Int = 0, with more: [String: String] = [:]) async throws -> Bench {
            let machine = try await Machine()
            let faulty = FaultyModule(in: machine.folder, mirrors: mirrors)
            var environment = FaultCampaignTests.environment(machine, faulty)
            environment["KMS_TOKEN_ISOLATION"] = nil
            let service = try await Service.start(on: machine, with: environment.merging(more) { $1 })
            let made = try await service.request("POST", "/keys", #"{"name":"k"}"#)
            guard made.status == 201 else { throw CommandFailure(made.text) }
            return Bench(machine: machine, faulty: faulty, service: service)
        }

        func dataKey() async throws -> Service.Answer { try await service.request("POST", "/keys/k/data-key") }

        func readiness() async throws -> UInt {
            try await HTTPClient.shared.execute(
                HTTPClientRequest(url: service.url + "/readyz"), timeout: .seconds(10)
            ).status.code
        }

        /// Waits until a data key is issued; returns the time that took.
        func untilIssued(within limit: Duration = .seconds(15)) async throws -> Duration {
            let start = ContinuousClock.now
            while ContinuousClock.now - start < limit {
                if try await dataKey().status == 200 { return ContinuousClock.now - start }
                try await Task.sleep(for: .milliseconds(10))
            }
            throw CommandFailure("no data key within \(limit): \(service.log.suffix(1000))")
        }

        func untilFired() async throws {
            for _ in 0..<500 where faulty.fired.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            try #require(!faulty.fired.isEmpty)
        }
    }

    @Test func `a device that is away degrades the readiness, and is used again without a restart`() async throws {
        let bench = try await Bench.start()
        #expect(try await bench.readiness() == 200)
        let before = try await bench.dataKey()
        try bench.faulty.set("* device-lost for=3s")
        let lost = ContinuousClock.now
        let answer = try await bench.dataKey()
        #expect(answer.status == 503 && answer.code == "TOKEN_UNAVAILABLE", "\(answer.text)")
        var readiness: UInt = 200
        while readiness == 200, ContinuousClock.now - lost < .seconds(3) { readiness = try await bench.readiness() }
        #expect(readiness == 503)
        try await Task.sleep(until: lost + .seconds(3))
        #expect(try await bench.untilIssued() < .seconds(5))
        let opened = try await bench.service.request(
            "POST", "/decrypt", #"{"ciphertext":"\#(before.data["ciphertext"] ?? "")"}"#)
        #expect(opened.data["plaintext"] == before.data["plaintext"])
        #expect(bench.service.log.contains("token lost") && bench.service.log.contains("token back"))
        for _ in 0..<300 where try await bench.readiness() != 200 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await bench.readiness() == 200)
        #expect(await bench.service.stop() == 0)
    }

    @Test func `a call that hangs costs its caller his deadline, and the others nothing more`() async throws {
        let bench = try await Bench.start()
        try bench.faulty.set("C_GenerateRandom hang calls=1")
        let start = ContinuousClock.now
        let hanging = try await bench.dataKey()
        let took = ContinuousClock.now - start
        #expect(hanging.status == 503 && hanging.code == "BUSY", "\(hanging.text)")
        #expect(took > .milliseconds(900) && took < .seconds(2), "\(took)")
        // The only thread was replaced.
        #expect(try await bench.untilIssued() < .seconds(1))
        #expect(bench.service.log.contains("its thread was replaced"))
        try bench.faulty.clear()
        #expect(try await bench.dataKey().status == 200)
        #expect(await bench.service.stop() == 0)
    }

    @Test func `when all calls hang, callers are refused at once, until it is over`() async throws {
        let bench = try await Bench.start(with: ["KMS_TOKEN_HANG_LIMIT": "2"])
        try bench.faulty.set("* hang")
        var answer = try await bench.dataKey()
        for _ in 0..<8 where !answer.text.contains("TOKEN_UNAVAILABLE") { answer = try await bench.dataKey() }
        #expect(answer.code == "TOKEN_UNAVAILABLE", "\(answer.text)")
        let start = ContinuousClock.now
        #expect(try await bench.dataKey().status == 503)
        #expect(ContinuousClock.now - start < .milliseconds(500))
        try bench.faulty.clear()
        _ = try await bench.untilIssued(within: .seconds(5))
        #expect(await bench.service.stop() == 0)
    }

    @Test(arguments: ["crash", "hang"])
    func `a library that takes its process down takes a process down, and not the service`(_ action: String)
        async throws
    {
        let bench = try await Bench.start(with: Machine.isolated)
        let before = try await bench.dataKey()
        let child = try #require(bench.service.tokenProcessID)
        try bench.faulty.set("C_GenerateRandom,C_Sign,C_GetSessionInfo \(action)")
        #expect(try await bench.dataKey().status == 503)
        try await bench.untilFired()
        // A process with a hanging call ends itself if its health check also hangs.
        for _ in 0..<1000 where bench.service.tokenProcessID == child {
            _ = try await bench.dataKey()
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(bench.service.tokenProcessID != child)
        try bench.faulty.clear()
        #expect(try await bench.untilIssued() < .seconds(5))
        let opened = try await bench.service.request(
            "POST", "/decrypt", #"{"ciphertext":"\#(before.data["ciphertext"] ?? "")"}"#)
        #expect(opened.data["plaintext"] == before.data["plaintext"])
        #expect(await bench.service.stop() == 0)
    }

    @Test(arguments: ["none", "process"])
    func `with replicas, a lost token is nobody's business, and both share the load`(_ isolation: String) async throws {
        let machine = try await Machine()
        let serials = try await Self.serials(machine)
        let uris = serials.map {
            "pkcs11:token=kms;serial=\($0)?module-path=\(FaultyModule.path)&pin-source=file:\(machine.path("pin"))"
        }
        let faulty = FaultyModule(in: machine.folder, mirrors: 1)
        var environment = FaultCampaignTests.environment(machine, faulty)
        environment["KMS_TOKEN_URI"] = uris[0]
        environment["KMS_TOKEN_REPLICAS"] = uris[1]
        environment["KMS_TOKEN_ISOLATION"] = isolation
        let service = try await Service.start(on: machine, with: environment)
        #expect(try await service.request("POST", "/keys", #"{"name":"k"}"#).status == 201)
        let slots = try await Self.slots(machine)
        for slot in slots {
            // Each member is used for some of the calls.
            faulty.forgetFired()
            try faulty.set("slot=\(slot) C_GenerateRandom delay 1us")
            for _ in 0..<10 { #expect(try await service.request("POST", "/keys/k/data-key").status == 200) }
            let used = faulty.fired.count
            #expect(used >= 6 && used <= 14, "\(used) of 20 calls")
        }
        for slot in slots {
            try faulty.set("slot=\(slot) * device-lost")
            for _ in 0..<30 {
                let answer = try await service.request("POST", "/keys/k/data-key")
                #expect(answer.status == 200, "\(answer.text)")
            }
            try faulty.clear()
            for _ in 0..<1000 where !service.log.contains("token back") { try await Task.sleep(for: .milliseconds(10)) }
        }
        #expect(await service.stop() == 0)
    }

    /// Verifies that output of a wrong length, or output that differs when repeated, is a failure of the token. No record is
    /// reported as tampered with, and no key is stored that does not unwrap.
    @Test(arguments: [
        "C_Sign garble", "C_Sign short 1", "C_WrapKey garble", "C_WrapKey short 8", "C_Encrypt short 1",
        "C_Decrypt short 1",
    ])
    func `garbled and short answers are refused`(_ fault: String) async throws {
        let bench = try await Bench.start()
        let before = try await bench.dataKey()
        try bench.faulty.set("\(fault) for=700ms")
        let end = ContinuousClock.now + .milliseconds(700)
        var made: [String] = []
        while ContinuousClock.now < end {
            let name = "n\(UUID())"
            let created = try await bench.service.request("POST", "/keys", #"{"name":"\#(name)"}"#)
            #expect([201, 503].contains(created.status), "\(created.text)")
            if created.status == 201 { made.append(name) }
            let issued = try await bench.dataKey()
            #expect([200, 503].contains(issued.status), "\(issued.text)")
            let body = #"{"ciphertext":"\#(before.data["ciphertext"] ?? "")"}"#
            let opened = try await bench.service.request("POST", "/decrypt", body)
            #expect(opened.status == 503 || opened.data["plaintext"] == before.data["plaintext"], "\(opened.text)")
        }
        try await bench.untilFired()
        _ = try await bench.untilIssued()
        for name in made {
            #expect(try await bench.service.request("POST", "/keys/\(name)/data-key").status == 200)
        }
        #expect(await bench.service.stop() == 0)
    }

    private static func withMirror(_ machine: Machine, _ arguments: String...) async throws -> [[String: Any]] {
        let faulty = FaultyModule(in: machine.folder, mirrors: 1)
        let environment = FaultCampaignTests.environment(machine, faulty)
        let outcome = try await Command.run(
            Command.product, arguments, input: Data(), environment: machine.environment.merging(environment) { $1 })
        let object = try JSONSerialization.jsonObject(with: outcome.output)
        let list = object as? [[String: Any]] ?? (object as? [String: Any])?["tokens"] as? [[String: Any]] ?? []
        return list.filter { $0["label"] as? String == "kms" }
    }

    private static func serials(_ machine: Machine) async throws -> [String] {
        let serials = try await withMirror(machine, "token", "list", "--json").compactMap {
            $0["serialNumber"] as? String ?? $0["serial"] as? String
        }
        try #require(Set(serials).count == 2)
        return serials
    }

    private static func slots(_ machine: Machine) async throws -> [String] {
        try await withMirror(machine, "token", "list", "--json").compactMap {
            $0["slot"] ?? $0["slotID"] ?? $0["slotId"]
        }
        .map { "\($0)" }
    }
}
