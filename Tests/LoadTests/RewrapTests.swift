import Foundation
import KMSTesting
import NIOCore
import ServiceTesting
import Synchronization
import Testing

/// Rewrapping of many versions under load, while the real service is killed. `KMS_REWRAP_VERSIONS` sets the number of versions.
@Suite struct RewrapTests {
    private static let versions =
        ProcessInfo.processInfo.environment["KMS_REWRAP_VERSIONS"].flatMap(Int.init) ?? 2000
    private static let versionsOfAKey = 4

    /// The acknowledged results.
    private final class Ledger: Sendable {
        private let state = Mutex<(issued: [IssuedDataKey], isOver: Bool)>(([], false))

        var all: [IssuedDataKey] { state.withLock { $0.issued } }
        var isOver: Bool { state.withLock { $0.isOver } }
        func add(_ one: IssuedDataKey) { state.withLock { $0.issued.append(one) } }
        func setOver(_ isOver: Bool) { state.withLock { $0.isOver = isOver } }
    }

    private static func fill(_ service: Service, _ ledger: Ledger) async throws {
        let keys = versions / versionsOfAKey
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<16 {
                group.addTask {
                    for number in stride(from: client, to: keys, by: 16) {
                        let made = try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#)
                        guard made.status == 201 else { throw CommandFailure(made.text) }
                        for version in 0..<versionsOfAKey {
                            if version > 0 { _ = try await service.request("POST", "/keys/k\(number)/rotate") }
                            ledger.add(try await service.issue("k\(number)"))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Returns the number of records under earlier epochs than the latest.
    private static func left(on service: Service) async throws -> UInt64 {
        struct Answer: Decodable {
            struct Roots: Decodable {
                struct Root: Decodable {
                    let latest: Bool
                    let sealedRecords: UInt64
                }
                let roots: [Root]
            }
            let data: Roots
        }
        let listed = try await service.request("GET", "/roots", as: "admin")
        return try JSONDecoder().decode(Answer.self, from: Data(listed.text.utf8)).data.roots
            .reduce(0) { $1.latest ? $0 : $0 + $1.sealedRecords }
    }

    @Test(.timeLimit(.minutes(30)))
    func `killed three times under load, it ends with every version under the new epoch, and nothing is lost`()
        async throws
    {
        let machine = try await Machine()
        var service = try await Service.start(on: machine)
        let ledger = Ledger()
        try await Self.fill(service, ledger)
        let before = ledger.all
        #expect(before.count == Self.versions / Self.versionsOfAKey * Self.versionsOfAKey)
        #expect(try await service.kms("root", "rotate", "--no-wait", as: "admin").status == 0)
        var lefts: [UInt64] = []
        for quarter in [3, 2, 1] as [UInt64] {
            lefts.append(try await worked(service, ledger, untilLeft: UInt64(Self.versions) * 2 * quarter / 4))
            await service.stop(SIGKILL)
            service = try await Service.start(on: machine)
        }
        // Each time some records remained, and fewer than before.
        #expect(lefts == lefts.sorted(by: >) && lefts.allSatisfy { $0 > 0 }, "\(lefts)")
        ledger.setOver(false)
        let running = service
        async let load: Void = Self.load(running, ledger)
        let rotated = try await service.kms("root", "rotate", as: "admin")
        ledger.setOver(true)
        await load
        #expect(rotated.status == 0 && rotated.errors.contains("exists already"), "\(rotated.errors)")
        #expect(try await Self.left(on: service) == 0)
        let out = machine.path("epoch-1.json")
        let retired = try await service.kms("root", "retire", "1", "--out", out, "--yes", as: "admin")
        #expect(retired.status == 0, "\(retired.errors)")
        try await expectReadable(ledger.all, on: service)
        #expect(try await service.kms("store", "verify", as: "admin").status == 0)
        let certificate = try String(contentsOfFile: out, encoding: .utf8)
        #expect(certificate.split(separator: "\"sha256\" : ").count >= Self.versions)
        #expect(await service.stop() == 0)
    }

    /// Runs clients while records are rewrapped.
    ///
    /// - Parameter limit: the number of records that may remain under the old epoch at the end. There are about as many usage
    ///   records as versions.
    private func worked(_ service: Service, _ ledger: Ledger, untilLeft limit: UInt64) async throws -> UInt64 {
        ledger.setOver(false)
        async let load: Void = Self.load(service, ledger)
        var left = try await Self.left(on: service)
        while left > limit {
            try await Task.sleep(for: .milliseconds(10))
            left = try await Self.left(on: service)
        }
        ledger.setOver(true)
        await load
        return left
    }

    private static func load(_ service: Service, _ ledger: Ledger) async {
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<4 {
                group.addTask {
                    var turn = client
                    while !ledger.isOver {
                        turn += 7
                        let key = "k\(turn % (versions / versionsOfAKey))"
                        if let issued = try? await service.issue(key, timeout: .seconds(10)) { ledger.add(issued) }
                        if turn % 5 == 0 { _ = try? await service.request("POST", "/keys/\(key)/rotate") }
                    }
                }
            }
        }
    }

    private func expectReadable(_ all: [IssuedDataKey], on service: Service) async throws {
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<16 {
                group.addTask {
                    var wrong = 0
                    for one in all.indices.filter({ $0 % 16 == client }).map({ all[$0] }) {
                        if try await !service.opens(one) { wrong += 1 }
                    }
                    return wrong
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0, "\(wrong) of \(all.count)")
    }
}
