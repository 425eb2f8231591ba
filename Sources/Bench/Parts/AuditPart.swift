import CBench

/// The cost of a durable audit log: the service as shipped, compared with one with `audit.durable: false`, which writes the same
/// entries but does not wait for the disk.
struct AuditPart {
    let site: Site
    let pace: Pace

    func measure(_ report: inout Report) throws {
        try measureDisk(&report)
        let durable = try Machine(site, "audit-durable").serve()
        defer { durable.stop() }
        let fast = try Machine(site, "audit-fast").serve(["KMS_AUDIT_DURABLE": "false"])
        defer { fast.stop() }
        let load = Load(connections: 32, seconds: pace.seconds, warmup: pace.warmup)
        let lists = (try RequestDesk(durable).decrypts(), try RequestDesk(fast).decrypts())
        let rounds = try (0..<pace.rounds).map { (_) throws in
            (try load.run(lists.0, on: durable).allGood(), try load.run(lists.1, on: fast).allGood())
        }
        report.add(
            .audit, "decrypt, 32 connections",
            [
                .rate(rounds.map(\.0.rate).median, "durable"), .rate(rounds.map(\.1.rate).median, "not durable"),
                .microseconds("cpu durable", seconds: rounds.map(\.0.serverCPUEach).median),
                .microseconds("cpu not durable", seconds: rounds.map(\.1.serverCPUEach).median),
            ])
        report.floor(
            .audit, "durable audit to audit that is not", .atLeast(0.85),
            reached: rounds.map { $0.rate / $1.rate }.median, basis: "\(NumberText.of(rounds.map(\.1.rate).median))/s")
    }

    /// Measures how long the disk takes to store appended bytes. The log waits once for all requests that arrive meanwhile, so
    /// with `n` connections at most `n` requests are answered in that time.
    private func measureDisk(_ report: inout Report) throws {
        let histogram = UnsafeMutablePointer<bench_histogram>.allocate(capacity: 1)
        defer { histogram.deallocate() }
        guard bench_sync("\(site.folder)/disk", 8192, 500, histogram) == 0 else {
            throw BenchFailure("\(site.folder) cannot be written to")
        }
        report.add(.audit, "the disk alone: 8 KiB appended and synced", Latency(histogram.pointee).values)
    }
}
