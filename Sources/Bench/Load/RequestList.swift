import CBench

/// Requests in memory of their own, at fixed addresses.
final class RequestList {
    // Unsafe: allocated in `init`, freed in `deinit`; the generator writes to a request only to sign it.
    let requests: UnsafeMutableBufferPointer<bench_request>

    init(_ all: [[UInt8]]) {
        requests = .allocate(capacity: all.count)
        for (index, bytes) in all.enumerated() {
            let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
            memory.initialize(from: bytes, count: bytes.count)
            requests.initializeElement(at: index, to: bench_request(bytes: memory, length: bytes.count))
        }
    }

    deinit {
        for request in requests { request.bytes.deallocate() }
        requests.deallocate()
    }

    var count: Int { requests.count }
}
