import Foundation
import ServiceTesting
import Testing

/// Many clients at once.
@Suite struct LoadTests {
    /// The duration in seconds; `KMS_LOAD_SECONDS` increases it.
    private static let seconds = ProcessInfo.processInfo.environment["KMS_LOAD_SECONDS"].flatMap(Int.init) ?? 8

    @Test func `32 clients mix operations: no error, no wrong answer, no growth of memory`() async throws {
        try await withService { service in
            for number in 0..<8 { _ = try await service.request("POST", "/keys", #"{"name":"k\#(number)"}"#) }
            _ = try await load(service, seconds: Self.seconds)
            let warm = service.residentMemory
            let done = try await load(service, seconds: Self.seconds)
            let grown = service.residentMemory - warm
            #expect(done > 1000, "\(done) operations")
            // An allocator always keeps some pages; leaks grow with the number of operations.
            let allowed = 4096 + done / 4
            #expect(warm > 0 && grown < allowed, "\(grown) kB more after \(done) operations")
        }
    }

    private func load(_ service: Service, seconds: Int) async throws -> Int {
        let end = ContinuousClock.now + .seconds(seconds)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<32 {
                group.addTask {
                    var done = 0
                    while ContinuousClock.now < end {
                        try await mix(service, key: "k\(client % 8)", turn: done, client: client)
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private func mix(_ service: Service, key: String, turn: Int, client: Int) async throws {
        let context = #"{"client":"\#(client)"}"#
        let made: (ciphertext: String?, plaintext: String?)
        if turn % 2 == 0 {
            let issued = try await service.request(
                "POST", "/keys/\(key)/data-key", #"{"context":\#(context)}"#, as: "user")
            made = (issued.data["ciphertext"], issued.data["plaintext"])
        } else {
            let plaintext = Data("client \(client), turn \(turn)".utf8).base64EncodedString()
            let answer = try await service.request(
                "POST", "/keys/\(key)/encrypt", #"{"plaintext":"\#(plaintext)","context":\#(context)}"#, as: "user")
            made = (answer.data["ciphertextText"], plaintext)
        }
        let ciphertext = try #require(made.ciphertext)
        let body = #"{"ciphertext":"\#(ciphertext)","context":\#(context)}"#
        let back = try await service.request("POST", "/decrypt", body, as: "user")
        #expect(back.status == 200)
        #expect(back.data["plaintext"] == made.plaintext)
        if turn % 50 == 49, client % 8 == 0 {
            #expect(try await service.request("POST", "/keys/\(key)/rotate").status == 200)
        }
        if turn % 10 == 9 { #expect(try await service.request("GET", "/keys/\(key)").status == 200) }
    }
}
