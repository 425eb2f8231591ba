import Foundation
import KMSTesting

/// A simulated network HSM: one millisecond is added to every call of PKCS#11. A decryption makes two calls.
struct NetworkPart {
    let site: Site
    let pace: Pace

    private static let maxWorkers = 30

    func measure(_ report: inout Report) throws {
        let machine = try Machine(site, "network")
        let faulty = FaultyModule(in: machine.folder)
        try faulty.set("* delay 1ms")
        var settings = faulty.environment
        settings["KMS_TOKEN_URI"] = machine.tokenURI(site.faultyModule)
        settings["FAULTY_PKCS11_SILENT"] = "1"
        var ciphertexts: [String]?
        for workers in [1, 2, 4, 8, 16, Self.maxWorkers] {
            settings["KMS_TOKEN_WORKERS"] = "\(workers)"
            let service = try machine.serve(settings)
            defer { service.stop() }
            if ciphertexts == nil {
                try service.make("cipher")
                ciphertexts = try (0..<64).map { _ in try service.issue("cipher") }
            }
            let list = RequestList(
                try (ciphertexts ?? []).map { try service.request("POST", "/decrypt", #"{"ciphertext":"\#($0)"}"#) })
            let load = Load(connections: max(8, 4 * workers), seconds: pace.seconds, warmup: pace.warmup)
            let result = try load.run(list, on: service).allGood()
            let allowed = Double(workers) * 500
            report.add(
                .network, "decrypt, \(workers) workers, 1 ms a call",
                result.values + [.ratio(result.rate / allowed, "of \(NumberText.of(allowed))/s")])
            guard workers == Self.maxWorkers else { continue }
            report.floor(
                .network, "decrypt with 30 workers, 1 ms a call", .atLeast(0.7), reached: result.rate / allowed,
                basis: "\(NumberText.of(allowed))/s")
        }
        try overload(machine, settings, ciphertexts ?? [], &report)
    }

    /// Measures twice the load that four workers can process, with a short deadline. Everything must be answered by then, with
    /// 200 or 503.
    private func overload(
        _ machine: Machine, _ settings: [String: String], _ ciphertexts: [String], _ report: inout Report
    ) throws {
        let deadline = 250.0
        let service = try machine.serve(
            settings.merging(["KMS_TOKEN_WORKERS": "4", "KMS_TOKEN_DEADLINE": "\(Int(deadline))ms"]) { $1 })
        defer { service.stop() }
        let list = RequestList(
            try ciphertexts.map { try service.request("POST", "/decrypt", #"{"ciphertext":"\#($0)"}"#) })
        var load = Load(connections: 500, seconds: 2 * pace.seconds, warmup: pace.warmup)
        load.rate = 4000
        let result = try load.run(list, on: service)
        guard result.other == 0, result.ok > 0, result.busy > 0 else {
            throw BenchFailure("overload: \(result.ok) were answered 200, \(result.busy) 503: \(result.complaint)")
        }
        report.add(
            .network, "4,000 a second for 4 workers, deadline 250 ms",
            [.rate(result.rate, "200"), .rate(Double(result.busy) / result.seconds, "503")]
                + result.busyLatency.values.map {
                    Measurement.Value(name: "503 \($0.name)", number: $0.number, unit: $0.unit)
                })
        report.floor(
            .network, "too much is answered with 503 by the deadline, and 50 ms", .atMost(deadline + 50),
            reached: result.busyLatency.highest / 1e6, unit: "ms", basis: "the longest of \(result.busy)")
    }
}
