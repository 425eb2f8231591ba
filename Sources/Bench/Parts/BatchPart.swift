/// Batches of decrypts.
struct BatchPart {
    let site: Site
    let pace: Pace

    func measure(_ report: inout Report) throws {
        let service = try Machine(site, "batch").serve()
        defer { service.stop() }
        let desk = try RequestDesk(service)
        for (size, connections) in [(1, 32), (10, 8), (100, 4), (1000, 2)] {
            let load = Load(connections: connections, seconds: pace.seconds, warmup: pace.warmup)
            let result = try load.run(try desk.batch(of: size), on: service).allGood()
            let items = Double(size)
            report.add(
                .batch, "decrypt, batches of \(size), \(connections) connections",
                [
                    .rate(result.rate * items, "items"),
                    .microseconds("cpu an item", seconds: result.serverCPUEach / items),
                ]
                    + result.latency.values)
        }
        report.add(.batch, "memory after this", [.megabytes("resident", kilobytes: service.residentMemory)])
    }
}
