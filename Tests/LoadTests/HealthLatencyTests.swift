import Foundation
import KMSTesting
import ServiceTesting
import Testing
import ThreadExecutor

/// Long computation delays no other client: a health probe is answered soon while batches of signatures are verified.
@Suite(.serialized) struct HealthLatencyTests {
    @Test func `batches of P-521 signatures leave health probes a thread`() async throws {
        try await withService { service in
            let created = try await service.request(
                "POST", "/keys", #"{"name":"p521","algorithm":"EC-P521","usage":"signVerify"}"#)
            #expect(created.status == 201, "\(created.text)")
            let message = Data("message".utf8).base64EncodedString()
            let signed = try await service.request("POST", "/keys/p521/sign", #"{"message":"\#(message)"}"#)
            let signature = try #require(signed.data["signature"], "\(signed.text)")
            let item = #"{"message":"\#(message)","signature":"\#(signature)"}"#
            let body = #"{"items":[\#(Array(repeating: item, count: 300).joined(separator: ","))]}"#
            let alone = try await probe(service, for: .seconds(1))
            let end = ContinuousClock.now + .seconds(5)
            async let verified = withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var done = 0
                        while ContinuousClock.now < end {
                            let answer = try await service.request("POST", "/keys/p521/batch/verify", body)
                            #expect(
                                answer.status == 200 && answer.data["failures"] == "0", "\(answer.text.prefix(300))")
                            done += 300
                        }
                        return done
                    }
                }
                return try await group.reduce(0, +)
            }
            let busy = try await probe(service, for: .seconds(4))
            let count = try await verified
            let text = "\(count) verified; alone \(Self.text(alone)), beside \(Self.text(busy))"
            #expect(busy.count > 20 && count > 0, "\(text)")
            #expect(Self.percentile(50, busy) < 50, "\(text)")
            #expect(Self.percentile(95, busy) < 150, "\(text)")
        }
    }

    /// Probes on a separate connection, and returns the durations in milliseconds, sorted.
    private func probe(_ service: Service, for time: Duration) async throws -> [Double] {
        let connection = try RawConnection(to: service.port)
        let end = ContinuousClock.now + time
        return try await onOwnThread("probe") { () throws(CommandFailure) -> [Double] in
            var times: [Double] = []
            while .now < end {
                let start = ContinuousClock.now
                guard connection.isAnsweredNow("/healthz", within: 10_000) else {
                    throw CommandFailure("a probe was not answered within 10 s")
                }
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                usleep(5000)
            }
            return times.sorted()
        }
    }

    private static func percentile(_ percent: Int, _ times: [Double]) -> Double {
        times.isEmpty ? .infinity : times[min(times.count - 1, times.count * percent / 100)]
    }

    private static func text(_ times: [Double]) -> String {
        [50, 95, 99].map { "p\($0) \(Int(percentile($0, times))) ms" }.joined(separator: ", ") + " of \(times.count)"
    }
}
