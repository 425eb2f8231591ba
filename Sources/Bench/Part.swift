/// The parts that can be measured separately.
enum Part: String, CaseIterable {
    case token, http, service, batch, audit, aws, latency, network, growth

    func measure(_ site: Site, _ pace: Pace, _ report: inout Report) throws {
        switch self {
        case .token: try TokenPart(site: site, pace: pace).measure(&report)
        case .http: try HTTPPart(site: site, pace: pace).measure(&report)
        case .service: try ServicePart(site: site, pace: pace).measure(&report)
        case .batch: try BatchPart(site: site, pace: pace).measure(&report)
        case .audit: try AuditPart(site: site, pace: pace).measure(&report)
        case .aws: try AWSPart(site: site, pace: pace).measure(&report)
        case .latency: try LatencyPart(site: site, pace: pace).measure(&report)
        case .network: try NetworkPart(site: site, pace: pace).measure(&report)
        case .growth: try GrowthPart(site: site, pace: pace).measure(&report)
        }
    }
}

/// The paths of a run.
struct Site {
    let folder: String
    let product: String
    let faultyModule: String
}

/// The duration of measurements. Alternatives are measured in turns, round by round, so that other load on the machine affects
/// both.
struct Pace {
    let rounds: Int
    let seconds: Double
    let warmup: Double
    /// The number of keys in a large store.
    var manyKeys: Int

    static let full = Pace(rounds: 5, seconds: 4, warmup: 1, manyKeys: 100_000)
    static let quick = Pace(rounds: 3, seconds: 1.5, warmup: 0.5, manyKeys: 10_000)
}
