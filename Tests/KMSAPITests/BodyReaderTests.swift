import HTTPTypes
import Hummingbird
import KeyManagement
import NIOCore
import Testing

@testable import HTTPServing
@testable import KMSAPI

@Suite struct BodyReaderTests {
    private func read(_ parts: [String], announced: Int) async throws -> ChangeBody? {
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/",
            headerFields: [.contentType: "application/json", .contentLength: String(announced)])
        let body = AsyncStream<ByteBuffer> { stream in
            for part in parts { stream.yield(ByteBuffer(string: part)) }
            stream.finish()
        }
        let request = Request(head: head, body: RequestBody(asyncSequence: body))
        return try await BodyReader(limit: 8).read(ChangeBody.self, of: request)
    }

    @Test func `a body is read in as many parts as it comes in`() async throws {
        #expect(try await read(["{", " ", "}"], announced: 3) != nil)
        #expect(try await read([], announced: 0) == nil)
    }

    @Test func `a body that ends before the announced length is refused, even when it is JSON as it stands`()
        async throws
    {
        await #expect(throws: KMSError.invalidRequest("the body did not arrive whole")) {
            try await read(["{}"], announced: 3)
        }
    }

    @Test func `a body that is longer than it was announced to be is refused when the limit is passed`() async throws {
        await #expect(throws: APIError.self) { try await read(["{ ", "      ", "}"], announced: 2) }
    }
}

@Suite struct PercentDecodingTests {
    @Test func `what is encoded is decoded, once`() throws {
        for (text, decoded) in [("abc", "abc"), ("%61b%63", "abc"), ("%C3%a4", "ä"), ("%2525", "%25"), ("a+b", "a+b")] {
            #expect(try PercentDecoding.decode(text, of: "it") == decoded)
        }
    }

    @Test func `a broken encoding and broken UTF-8 are refused, each for its reason`() {
        for text in ["%", "a%", "%4", "%4g", "%g4", "%%34"] {
            #expect(throws: KMSError.invalidRequest("it has a broken percent-encoding")) {
                try PercentDecoding.decode(text, of: "it")
            }
        }
        for text in ["%ff", "%C3", "%C0%AF", "%ED%A0%80"] {
            #expect(throws: KMSError.invalidRequest("it is not UTF-8")) { try PercentDecoding.decode(text, of: "it") }
        }
    }
}
