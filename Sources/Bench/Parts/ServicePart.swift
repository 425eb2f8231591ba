/// The service as shipped, compared with its parts: the token's rate T and the trivial route's rate H. A request that uses both
/// in sequence on the same two cores cannot exceed 1/(1/H + 1/T).
struct ServicePart {
    let site: Site
    let pace: Pace

    private struct Round {
        var token: [TokenWork: Double] = [:]
        var trivial = 0.0
        var decrypt = 0.0
        var issue = 0.0
        var batch = 0.0

        func ideal(_ work: TokenWork) -> Double { 1 / (1 / trivial + 1 / (token[work] ?? 1)) }
    }

    func measure(_ report: inout Report) throws {
        let service = try Machine(site, "service").serve()
        defer { service.stop() }
        let desk = try RequestDesk(service)
        for (name, list) in try desk.singles() { try measure(name, list, on: service, &report) }
        let rounds = try compare(desk, service, &report)
        add(rounds, &report)
        report.add(.service, "memory after this", [.megabytes("resident", kilobytes: service.residentMemory)])
    }

    /// Measures the maximum throughput, and then the latency at half of it, at an even rate.
    private func measure(
        _ name: String, _ list: RequestList, on service: RunningService, _ report: inout Report
    ) throws {
        let load = Load(connections: 32, seconds: pace.seconds, warmup: pace.warmup)
        let most = try load.run(list, on: service).allGood()
        report.add(.service, "\(name), 32 connections", most.values)
        var paced = load
        paced.rate = most.rate / 2
        let half = try paced.run(list, on: service).allGood()
        report.add(.service, "\(name), at half of that", half.latency.values)
    }

    private func compare(
        _ desk: RequestDesk, _ service: RunningService, _ report: inout Report
    ) throws -> [Round] {
        let health = RequestList([service.healthRequest])
        let (decrypts, issues, batches) = (try desk.decrypts(), try desk.issues(), try desk.batch(of: 100))
        return try TokenRig.with(site) { (rig, session) throws in
            let meter = try TokenMeter(rig, in: session)
            let load = Load(connections: 32, seconds: pace.seconds, warmup: pace.warmup)
            var few = load
            few.connections = 4
            return try (0..<pace.rounds).map { (_) throws in
                var round = Round()
                round.token[.decrypt] = try meter.plainRate(.decrypt, seconds: pace.seconds / 4)
                round.trivial = try load.run(health, on: service).allGood().rate
                round.decrypt = try load.run(decrypts, on: service).allGood().rate
                round.token[.issue] = try meter.plainRate(.issue, seconds: pace.seconds / 4)
                round.issue = try load.run(issues, on: service).allGood().rate
                round.batch = 100 * (try few.run(batches, on: service).allGood().rate)
                return round
            }
        }
    }

    private func add(_ rounds: [Round], _ report: inout Report) {
        let token = rounds.map { $0.token[.decrypt] ?? 0 }
        report.add(
            .service, "medians of \(rounds.count) rounds",
            [
                .rate(token.median, "T"), .rate(rounds.map(\.trivial).median, "H"),
                .rate(rounds.map(\.decrypt).median, "decrypt"), .rate(rounds.map(\.issue).median, "data-key"),
                .rate(rounds.map(\.batch).median, "items in batches of 100"),
            ])
        report.floor(
            .service, "decrypt to 1/(1/H + 1/T)", .atLeast(0.85),
            reached: rounds.map { $0.decrypt / $0.ideal(.decrypt) }.median,
            basis: "\(NumberText.of(rounds.map { $0.ideal(.decrypt) }.median))/s")
        report.floor(
            .service, "data-key to 1/(1/H + 1/T)", .atLeast(0.75),
            reached: rounds.map { $0.issue / $0.ideal(.issue) }.median,
            basis: "\(NumberText.of(rounds.map { $0.ideal(.issue) }.median))/s")
        report.floor(
            .service, "items of batches of 100 to T", .atLeast(0.8),
            reached: rounds.map { $0.batch / ($0.token[.decrypt] ?? 1) }.median,
            basis: "\(NumberText.of(token.median))/s")
        report.floor(
            .service, "decrypt to Barbican's rate", .atLeast(60), reached: rounds.map(\.decrypt).median / Self.barbican,
            basis: "\(NumberText.of(Self.barbican))/s")
    }

    /// The rate of OpenStack Barbican for the same job on two such cores, with SoftHSM; measured elsewhere.
    private static let barbican = 157.0
}
