import CBench

/// Load on a service, from this process.
struct Load {
    var connections = 32
    /// Requests a second, whatever comes back; nil for as many as are answered.
    var rate: Double?
    var seconds: Double
    var warmup = 0.0
    /// How many requests at most.
    var limit: UInt64?

    /// - Parameters:
    ///   - signer: signs each request before it is sent.
    ///   - collector: is handed the bodies of what succeeded.
    func run(
        _ list: RequestList, on service: RunningService, signer: RequestSigner? = nil,
        collector: AnswerCollector? = nil
    ) throws -> LoadResult {
        try run(list, onPort: service.port, ofProcess: service.processID, signer: signer, collector: collector)
    }

    /// - Parameter process: whose processor time is measured; 0 for nobody's.
    func run(
        _ list: RequestList, onPort port: UInt16, ofProcess process: Int32, signer: RequestSigner? = nil,
        collector: AnswerCollector? = nil
    ) throws -> LoadResult {
        precondition(signer == nil || collector == nil, "one context for both")
        var load = bench_load()
        load.port = port
        load.connections = UInt32(connections)
        load.rate = rate ?? 0
        load.warmup_seconds = warmup
        load.seconds = seconds
        load.limit = limit ?? 0
        load.requests = UnsafePointer(list.requests.baseAddress)
        load.request_count = list.count
        load.server = process
        // Unsafe: unretained, because both are alive until `bench_run` has returned, and no longer used by it then.
        if let signer {
            load.context = Unmanaged.passUnretained(signer).toOpaque()
            load.prepare = { context, index, bytes in
                guard let context, let bytes else { return }
                Unmanaged<RequestSigner>.fromOpaque(context).takeUnretainedValue().sign(index, bytes)
            }
        }
        if let collector {
            load.context = Unmanaged.passUnretained(collector).toOpaque()
            load.collect = { context, index, bytes, count in
                guard let context else { return }
                Unmanaged<AnswerCollector>.fromOpaque(context).takeUnretainedValue()
                    .take(index, Array(UnsafeBufferPointer(start: bytes, count: count)))
            }
        }
        return try withExtendedLifetime((list, signer, collector)) { try run(load) }
    }

    private func run(_ load: bench_load) throws -> LoadResult {
        var load = load
        // Not on the stack: the two histograms take a quarter of a megabyte.
        let result = UnsafeMutablePointer<bench_result>.allocate(capacity: 1)
        defer { result.deallocate() }
        let status = bench_run(&load, result)
        let complaint = withUnsafePointer(to: &result.pointee.complaint) {
            $0.withMemoryRebound(to: CChar.self, capacity: 512) { String(cString: $0) }
        }
        guard status == 0 else { throw BenchFailure("load: \(complaint)") }
        return LoadResult(result, complaint)
    }
}

/// Bodies of answers, by the place of their requests.
final class AnswerCollector {
    private(set) var answers: [Int: [UInt8]] = [:]

    func take(_ index: Int, _ body: [UInt8]) { answers[index] = body }
}
