import Foundation
import KMSTesting
import ServiceTesting
import Testing

/// Each function of PKCS#11 that the service uses, with each of many return values, under load. No answer may be wrong or late,
/// nothing may be lost, and everything must work again soon after.
///
/// `KMS_FAULT_CELLS=all` tries all cells, which takes half an hour; `scripts/fault-campaign` does that, and prints the table.
/// `KMS_FAULT_CELLS=C_Sign` tries those of one function.
@Suite struct FaultCampaignTests {
    private static let cells = FaultCell.chosen(ProcessInfo.processInfo.environment["KMS_FAULT_CELLS"])
    private static let isolation = ProcessInfo.processInfo.environment["KMS_FAULT_ISOLATION"] ?? "none"

    private struct Outcome {
        let cell: FaultCell
        let fired: Int
        let findings: VerifyingLoad.Findings
        let recovery: Duration?

        /// The letter of the outcome in the table.
        var letter: String {
            if !findings.wrong.isEmpty { return "W" }
            if !findings.late.isEmpty { return "L" }
            if recovery.map({ $0 > .seconds(5) }) ?? true { return "S" }
            if fired == 0 { return "-" }
            return findings.retryable > 0 ? "r" : "."
        }

        var problem: String? {
            switch letter {
            case "W": "\(cell): wrong: \(findings.wrong.prefix(2))"
            case "L": "\(cell): late: \(findings.late.prefix(2))"
            case "S": "\(cell): works again after \(recovery.map { "\($0)" } ?? "more than 15 s")"
            default: nil
            }
        }
    }

    @Test(.timeLimit(.minutes(90))) func `whatever a function returns, no answer is wrong, late or lost`() async throws
    {
        let machine = try await Machine()
        let faulty = FaultyModule(in: machine.folder)
        let service = try await Service.start(on: machine, with: Self.environment(machine, faulty))
        let load = try await VerifyingLoad(service, limit: .seconds(2))
        async let clients: Void = load.run(clients: 16)
        var outcomes: [Outcome] = []
        for cell in Self.cells { outcomes.append(try await Self.attempt(cell, faulty, load)) }
        load.end()
        await clients
        Self.printTable(outcomes)
        let problems = outcomes.compactMap(\.problem)
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
        var lost = 0
        for (ciphertext, plaintext) in load.acknowledged {
            let answer = try await service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
            if answer.data["plaintext"] != plaintext { lost += 1 }
        }
        #expect(lost == 0, "of \(load.acknowledged.count) acknowledged ciphertexts")
        #expect(load.acknowledged.count > 50)
        // Only some functions are called at all; a sample without faults would prove nothing.
        #expect(outcomes.filter { $0.fired > 0 }.count * 10 >= outcomes.count * 8)
        #expect(await service.stop() == 0)
    }

    static func environment(_ machine: Machine, _ faulty: FaultyModule) -> [String: String] {
        faulty.environment.merging([
            "KMS_TOKEN_URI":
                "pkcs11:token=kms?module-path=\(FaultyModule.path)&pin-source=file:\(machine.path("pin"))",
            "KMS_TOKEN_DEADLINE": "1s", "KMS_TOKEN_WRITABLE": machine.folder, "KMS_TOKEN_ISOLATION": isolation,
            // Fewer than the number of keys, so that unwrapping never ends.
            "KMS_TOKEN_HANDLE_CAPACITY": "3",
        ]) { $1 }
    }

    private static func attempt(
        _ cell: FaultCell, _ faulty: FaultyModule, _ load: VerifyingLoad
    ) async throws -> Outcome {
        _ = load.take()
        faulty.forgetFired()
        try faulty.set(cell.rules.joined(separator: "\n"))
        let start = ContinuousClock.now
        let wanted = cell.extent == .once ? 1 : 3
        func fired() -> Int { faulty.fired.filter { $0 == "\(cell.function) return" }.count }
        switch cell.extent {
        case .twoSeconds: try await Task.sleep(for: .seconds(2))
        case .once, .thrice:
            while fired() < wanted, ContinuousClock.now - start < .seconds(1) {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        let end = ContinuousClock.now
        var recovery: Duration?
        while ContinuousClock.now - end < .seconds(15) {
            if await load.round().isEmpty {
                recovery = ContinuousClock.now - end
                break
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let count = fired()
        try faulty.clear()
        return Outcome(cell: cell, fired: count, findings: load.take(), recovery: recovery)
    }

    /// Prints one line per function and one column per code, each with a letter for once, three times and two seconds.
    private static func printTable(_ outcomes: [Outcome]) {
        print("FAULT CAMPAIGN: token.isolation \(isolation), \(outcomes.count) cells, 16 clients, deadline 1 s")
        for (number, code) in FaultCell.codes.enumerated() { print("FAULT  \(number + 1): \(code)") }
        for function in FaultCell.functions {
            let columns = FaultCell.codes.map { code in
                FaultCell.Extent.allCases.map { extent in
                    outcomes.first {
                        $0.cell.function == function && $0.cell.code == code && $0.cell.extent == extent
                    }?.letter ?? " "
                }.joined()
            }
            print(
                "FAULT  \(function.padding(toLength: 22, withPad: " ", startingAt: 0))\(columns.joined(separator: " "))"
            )
        }
        print(
            "FAULT  . no caller noticed; r some were told to try again; - not called; W wrong; L late; S slow to work again"
        )
        let recoveries = outcomes.compactMap(\.recovery).sorted()
        let right = outcomes.reduce(0) { $0 + $1.findings.right }
        let retryable = outcomes.reduce(0) { $0 + $1.findings.retryable }
        print(
            "FAULT  \(right) right answers, \(retryable) told to try again; works again after "
                + "\(recoveries.isEmpty ? "-" : "\(recoveries[recoveries.count / 2])") (median), \(recoveries.last.map { "\($0)" } ?? "-") (longest)"
        )
        for problem in outcomes.compactMap(\.problem) { print("FAULT  \(problem)") }
    }
}
