import Foundation
import KMSTesting
import NIOCore
import ServiceTesting
import Synchronization
import Testing

/// The real service, killed at random moments under a mixed load. `KMS_KILLS` sets the number of kills.
@Suite struct CrashTests {
    private static let kills = ProcessInfo.processInfo.environment["KMS_KILLS"].flatMap(Int.init) ?? 6

    /// The acknowledged results, and the requests without an answer.
    private final class Ledger: Sendable {
        struct Issued: Sendable {
            let version: String
            let ciphertext: String
            let plaintext: String
        }

        private struct State {
            var issued: [Issued] = []
            var destructionsAsked: Set<String> = []
            var destroyed: Set<String> = []
            var keys: Set<String> = []
            var isOver = false
            var answers: [String: Int] = [:]
        }

        private let state = Mutex(State())

        var isOver: Bool { state.withLock { $0.isOver } }
        /// The number of times that each answer occurred in this round.
        var answers: [String: Int] { state.withLock { $0.answers } }
        func begin() { state.withLock { ($0.isOver, $0.answers) = (false, [:]) } }
        func end() { state.withLock { $0.isOver = true } }
        func answered(_ what: String) { state.withLock { $0.answers[what, default: 0] += 1 } }
        func issued(_ one: Issued) { state.withLock { $0.issued.append(one) } }
        func made(_ key: String) { state.withLock { _ = $0.keys.insert(key) } }
        func asked(_ version: String) { state.withLock { _ = $0.destructionsAsked.insert(version) } }
        func destroyed(_ version: String) { state.withLock { _ = $0.destroyed.insert(version) } }

        var keys: Set<String> { state.withLock { $0.keys } }
        var destroyed: Set<String> { state.withLock { $0.destroyed } }
        var issuedCount: Int { state.withLock { $0.issued.count } }

        /// Returns the newest results, and some of all.
        func sample() -> [Issued] {
            state.withLock { state in Array(state.issued.suffix(40) + state.issued.shuffled().prefix(40)) }
        }

        func mayBeDestroyed(_ version: String) -> Bool { state.withLock { $0.destructionsAsked.contains(version) } }
    }

    @Test(.timeLimit(.minutes(60)))
    func `killed at random moments, all that was acknowledged holds, and nothing is broken`() async throws {
        let machine = try await Machine()
        let ledger = Ledger()
        for round in 0..<Self.kills {
            let service = try await Service.start(on: machine, with: ["KMS_KEYS_LEAST_DESTRUCTION_DAYS": "0"])
            if round == 0 { try await Self.fill(service, ledger) }
            try await check(ledger, on: service)
            ledger.begin()
            async let load: Void = withTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        while !ledger.isOver {
                            do { try await Self.step(client, on: service, ledger) } catch {
                                ledger.answered("\(error)")
                            }
                        }
                    }
                }
            }
            let goesOn = try await Self.goesOn(ledger, untilDestroyed: round == Self.kills - 1)
            await service.stop(SIGKILL)
            ledger.end()
            await load
            try #require(
                goesOn,
                "after kill \(round), the service under load does nothing: \(ledger.answers), \(service.log.suffix(2_000))"
            )
            // Verifying each time would take long, because it reads the whole store.
            if round % 10 == 9 || round == Self.kills - 1 { try await expectWhole(machine, "after kill \(round + 1)") }
        }
        let service = try await Service.start(on: machine)
        try await check(ledger, on: service)
        #expect(await service.stop() == 0)
        #expect(ledger.issuedCount > 3 * Self.kills, "\(ledger.issuedCount) data keys were issued")
        #expect(!ledger.destroyed.isEmpty)
    }

    /// Makes keys with older versions, which the load can destroy from the beginning.
    private static func fill(_ service: Service, _ ledger: Ledger) async throws {
        for number in 0..<4 {
            try await make("k\(number)", on: service, ledger, timeout: .seconds(30))
            for _ in 0..<3 {
                #expect(try await service.request("POST", "/keys/k\(number)/rotate").status == 200)
            }
        }
    }

    /// Waits for a random moment of the load, counted in issued data keys, so that it does not depend on the speed of the
    /// machine.
    ///
    /// - Returns: true if it came within a minute.
    private static func goesOn(_ ledger: Ledger, untilDestroyed: Bool) async throws -> Bool {
        let enough = ledger.issuedCount + Int.random(in: 4...60)
        let end = ContinuousClock.now + .seconds(60)
        while ledger.issuedCount < enough || untilDestroyed && ledger.destroyed.isEmpty {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...20)))
        }
        return true
    }

    /// The time for which the client tries to reach a service that is gone.
    private static let patience = TimeAmount.milliseconds(500)

    private static func make(
        _ name: String, on service: Service, _ ledger: Ledger, timeout: TimeAmount = patience
    ) async throws {
        let made = try await service.request("POST", "/keys", #"{"name":"\#(name)"}"#, timeout: timeout)
        ledger.answered("create \(made.status) \(made.code)")
        if made.status == 201 { ledger.made(name) }
    }

    private static func step(_ client: Int, on service: Service, _ ledger: Ledger) async throws {
        let key = "k\(client % 4)"
        switch Int.random(in: 0..<10) {
        case 0: try await make("n\(UUID())", on: service, ledger)
        case 1:
            let rotated = try await service.request("POST", "/keys/\(key)/rotate", timeout: Self.patience)
            ledger.answered("rotate \(rotated.status) \(rotated.code)")
        case 2: try await destroy(of: key, on: service, ledger)
        default:
            let issued = try await service.request("POST", "/keys/\(key)/data-key", timeout: Self.patience)
            ledger.answered("data-key \(issued.status) \(issued.code)")
            guard issued.status == 200, let version = issued.data["version"],
                let ciphertext = issued.data["ciphertext"], let plaintext = issued.data["plaintext"]
            else { return }
            ledger.issued(.init(version: "\(key)/\(version)", ciphertext: ciphertext, plaintext: plaintext))
        }
    }

    /// Destroys an older version, which is never the active one.
    private static func destroy(of key: String, on service: Service, _ ledger: Ledger) async throws {
        let described = try await service.request("GET", "/keys/\(key)", timeout: Self.patience)
        guard let latest = described.data["defaultVersion"].flatMap(Int.init), latest > 2 else { return }
        let number = Int.random(in: 1..<latest)
        let version = "\(key)/\(number)"
        ledger.asked(version)
        let path = "/keys/\(key)/versions/\(number)"
        _ = try await service.request("POST", "\(path)/schedule-destruction", #"{"days":0}"#, timeout: Self.patience)
        let destroyed = try await service.request("POST", "\(path)/destroy", timeout: Self.patience)
        if destroyed.status == 200 { ledger.destroyed(version) }
    }

    private func check(_ ledger: Ledger, on service: Service) async throws {
        for one in ledger.sample() {
            let opened = try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(one.ciphertext)"}"#)
            if ledger.mayBeDestroyed(one.version) {
                #expect(opened.status == 200 || opened.code == "STATE_FORBIDS", "\(opened.text)")
            } else {
                #expect(opened.data["plaintext"] == one.plaintext, "\(one.version): \(opened.text)")
            }
        }
        for version in ledger.destroyed.shuffled().prefix(20) {
            let path = "/keys/\(version.replacing("/", with: "/versions/"))"
            let described = try await service.request("GET", path)
            #expect(described.data["state"] == "destroyed", "\(version): \(described.text)")
        }
        for key in ledger.keys.shuffled().prefix(10) {
            #expect(try await service.request("GET", "/keys/\(key)").status == 200)
        }
    }

    /// Verifies every seal in the store, every line and signature of the chain, and that store and chain agree.
    private func expectWhole(_ machine: Machine, _ moment: String) async throws {
        try machine.write(try await machine.succeed("audit", "public-key").text, to: "audit.pem")
        let chain = try await machine.kms(
            "audit", "verify", machine.path("audit"), "--public-key", machine.path("audit.pem"))
        // The last line may be incomplete: the next start cuts it off, and it was never acknowledged.
        let isOnlyUnfinished = chain.text.contains("unfinished") && chain.errors.contains("1 finding")
        #expect(chain.status == 0 || isOnlyUnfinished, "\(moment): \(chain.text)")
        let backup = machine.path("backup-\(UUID().uuidString)")
        try await machine.succeed("backup", "create", backup)
        let verified = try await machine.kms("backup", "verify", backup, "--token")
        #expect(verified.status == 0, "\(moment): \(verified.text) \(verified.errors)")
        try FileManager.default.removeItem(atPath: backup)
    }
}
