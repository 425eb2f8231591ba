import CBench

/// The result of a load.
struct LoadResult {
    /// The number of answers with status 2xx, with 503, and with another status.
    let ok: Int
    let busy: Int
    let other: Int
    let seconds: Double
    /// The processor time in seconds.
    let serverCPU: Double
    let generatorCPU: Double
    let latency: Latency
    /// The latency of answers with status 503.
    let busyLatency: Latency
    /// Requests that were due and never sent, because no connection was free.
    let unsent: Int
    /// The first answer that was neither 2xx nor 503.
    let complaint: String

    init(_ result: UnsafePointer<bench_result>, _ complaint: String) {
        ok = Int(result.pointee.ok)
        busy = Int(result.pointee.busy)
        other = Int(result.pointee.other)
        seconds = result.pointee.seconds
        serverCPU = result.pointee.server_cpu
        generatorCPU = result.pointee.own_cpu
        latency = Latency(result.pointee.latency)
        busyLatency = Latency(result.pointee.busy_latency)
        unsent = Int(result.pointee.unsent)
        self.complaint = complaint
    }

    /// The number of successful requests per second.
    var rate: Double { Double(ok) / seconds }
    /// The service's processor time per answer, in seconds.
    var serverCPUEach: Double { serverCPU / Double(max(1, ok + busy + other)) }

    /// - Throws: if any answer had a status other than 2xx, or if there was no answer.
    func allGood() throws -> LoadResult {
        guard busy == 0, other == 0, ok > 0 else {
            throw BenchFailure("\(ok) succeeded, \(busy) were answered 503, \(other) otherwise: \(complaint)")
        }
        return self
    }

    var values: [Measurement.Value] {
        [
            .rate(rate), .microseconds("cpu", seconds: serverCPUEach), .milliseconds("p50", nanoseconds: latency.p50),
            .milliseconds("p99", nanoseconds: latency.p99),
        ]
    }
}

/// The latencies in nanoseconds that given shares of all answers did not exceed.
struct Latency {
    let p50, p90, p99, p999, highest: Double

    init(_ histogram: bench_histogram) {
        let all = withUnsafePointer(to: histogram) { histogram in
            [0.5, 0.9, 0.99, 0.999, 1].map { Double(bench_histogram_quantile(histogram, $0)) }
        }
        (p50, p90, p99, p999, highest) = (all[0], all[1], all[2], all[3], all[4])
    }

    var values: [Measurement.Value] {
        [("p50", p50), ("p90", p90), ("p99", p99), ("p99.9", p999), ("max", highest)].map {
            .milliseconds($0.0, nanoseconds: $0.1)
        }
    }
}
