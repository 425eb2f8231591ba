import Foundation

/// The cost of many keys in the store, and of more keys in use than handles are kept. Full runs have 1, 1,000 and 100,000 keys.
struct GrowthPart {
    let site: Site
    let pace: Pace

    /// The number of unwrapped version keys that the service keeps.
    private static let handles = 4096

    func measure(_ report: inout Report) throws {
        let small = try Machine(site, "growth-small").serve()
        defer { small.stop() }
        let large = try Machine(site, "growth-large")
        var service = try large.serve(["KMS_AUDIT_DURABLE": "false"])
        do {
            defer { service.stop() }
            try fill(service, 1000, from: 0, &report)
            try fill(service, pace.manyKeys, from: 1000, &report)
        }
        try small.make("k0")
        let single = RequestList([try decrypt(small, try small.issue("k0"))])
        service = try startToFirstDecrypt(large, &report)
        defer { service.stop() }
        for size in [1, 1000, Self.handles * 4] where size <= pace.manyKeys {
            let list = RequestList(try issue(service, size).map { try decrypt(service, $0) })
            try compare(single, small, list, service, size, &report)
        }
        report.floor(
            .growth, "memory with \(NumberText.of(Double(pace.manyKeys))) keys", .atMost(200),
            reached: Double(service.residentMemory) / 1024, unit: "MB", basis: "after \(Self.handles * 4) keys in use")
    }

    /// Makes the keys `k<first>` to `k<count - 1>`.
    private func fill(
        _ service: RunningService, _ count: Int, from first: Int, _ report: inout Report
    ) throws {
        let list = RequestList(
            try (first..<count).map { try service.request("POST", "/keys", #"{"name":"k\#($0)"}"#, as: "manager") })
        let start = ContinuousClock.now
        let result = try Load(connections: 32, seconds: 3600, limit: UInt64(list.count)).run(list, on: service)
        guard result.busy == 0 else { throw BenchFailure("\(result.busy) keys were not made") }
        let took = (ContinuousClock.now - start) / .seconds(1)
        report.add(
            .growth, "making keys up to \(NumberText.of(Double(count)))",
            [
                .rate(Double(list.count) / took), .seconds("took", took),
                .megabytes("resident", kilobytes: service.residentMemory),
            ])
    }

    private func startToFirstDecrypt(_ machine: Machine, _ report: inout Report) throws -> RunningService {
        let before = try machine.serve()
        let ciphertext = try before.issue("k0")
        before.stop()
        var times: [Double] = []
        for _ in 0..<pace.rounds {
            let start = ContinuousClock.now
            let service = try machine.serve()
            try service.ask("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#, as: "user")
            times.append((ContinuousClock.now - start) / .seconds(1))
            service.stop()
        }
        report.floor(
            .growth, "start to first decrypt with \(NumberText.of(Double(pace.manyKeys))) keys", .atMost(0.5),
            reached: times.median, unit: "s", basis: "the median of \(times.count)")
        let service = try machine.serve()
        report.add(.growth, "memory after the start", [.megabytes("resident", kilobytes: service.residentMemory)])
        return service
    }

    /// Issues a data key of each of the first `count` keys, and returns the ciphertexts.
    private func issue(_ service: RunningService, _ count: Int) throws -> [String] {
        let list = RequestList(try (0..<count).map { try service.request("POST", "/keys/k\($0)/data-key") })
        let collector = AnswerCollector()
        let load = Load(connections: 8, seconds: 3600, limit: UInt64(count))
        _ = try load.run(list, on: service, collector: collector).allGood()
        return try collector.answers.values.map { answer in
            guard let text = try RunningService.data(answer)["ciphertextText"] as? String else {
                throw BenchFailure("a data key without a ciphertext")
            }
            return text
        }
    }

    private func decrypt(_ service: RunningService, _ ciphertext: String) throws -> [UInt8] {
        try service.request("POST", "/decrypt", #"{"ciphertext":"\#(ciphertext)"}"#)
    }

    private func compare(
        _ single: RequestList, _ small: RunningService, _ list: RequestList, _ large: RunningService, _ size: Int,
        _ report: inout Report
    ) throws {
        let load = Load(connections: 32, seconds: pace.seconds, warmup: pace.warmup)
        let rounds = try (0..<pace.rounds).map { (_) throws in
            (try load.run(single, on: small).allGood(), try load.run(list, on: large).allGood())
        }
        let ratio = rounds.map { $1.rate / $0.rate }.median
        let name = "\(NumberText.of(Double(size))) of \(NumberText.of(Double(pace.manyKeys))) keys in use"
        report.add(
            .growth, "decrypt, \(name)",
            [
                .rate(rounds.map(\.1.rate).median), .ratio(ratio, "to one key of one"),
                .microseconds("cpu", seconds: rounds.map(\.1.serverCPUEach).median),
                .ratio(rounds.map { $1.serverCPUEach / $0.serverCPUEach }.median, "cpu to one key of one"),
                .milliseconds("p99", nanoseconds: rounds.map(\.1.latency.p99).median),
                .megabytes("resident", kilobytes: large.residentMemory),
            ])
        guard size < Self.handles else { return }
        report.floor(.growth, "decrypt, \(name), to one key of one", .atLeast(0.95), reached: ratio)
    }
}
