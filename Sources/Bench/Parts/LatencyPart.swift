/// The latency at a steady rate, as the external key store of AWS KMS requires: 1,800 requests per second, each answered within
/// 250 ms. The latency of an answer counts from the time its request was due.
struct LatencyPart {
    let site: Site
    let pace: Pace

    private static let rate = 1800.0

    func measure(_ report: inout Report) throws {
        let service = try Machine(site, "latency").serve()
        defer { service.stop() }
        let desk = try RequestDesk(service)
        var load = Load(connections: 32, seconds: 5 * pace.seconds, warmup: pace.warmup)
        load.rate = Self.rate
        for (name, list) in [("decrypt", try desk.decrypts()), ("data-key", try desk.issues())] {
            let result = try load.run(list, on: service).allGood()
            guard result.unsent == 0 else { throw BenchFailure("\(result.unsent) requests found no connection") }
            report.add(.latency, "\(name), 1,800 a second", result.latency.values)
            report.floor(
                .latency, "\(name): p99 at 1,800 a second", .atMost(10), reached: result.latency.p99 / 1e6, unit: "ms",
                basis: "AWS XKS allows 250 ms")
        }
    }
}
