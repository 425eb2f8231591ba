import Foundation
import Testing

@testable import IdentityJWT

@Suite
struct CompactTokenTests {
    private func part(_ json: [UInt8]) -> String {
        Data(json).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func isTaken(_ header: String, _ payload: [UInt8]) -> Bool {
        (try? CompactToken("\(part(Array(header.utf8))).\(part(payload)).AAAA")) != nil
    }

    @Test func `name each member once (RFC 7519 §4), and have no bytes that are not UTF-8`() {
        let payload = Array(#"{"sub": "alice", "nested": {"a": {"b": ["c"]}}}"#.utf8)
        #expect(isTaken(#"{"alg": "ES256"}"#, payload))
        #expect(!isTaken(#"{"alg": "ES256", "alg": "RS256"}"#, payload))
        #expect(!isTaken(#"{"alg": "ES256", "\u0061lg": "RS256"}"#, payload))
        for twice in [
            #"{"sub": "alice", "sub": "bob"}"#, #"{"sub": "alice", "s\u0075b": "bob"}"#, #"{"a": {"b": 1, "b": 2}}"#,
        ] {
            #expect(!isTaken(#"{"alg": "ES256"}"#, Array(twice.utf8)), "\(twice)")
        }
        #expect(!isTaken(#"{"alg": "ES256"}"#, Array(#"{"sub": "a"#.utf8) + [0xFF] + Array(#""}"#.utf8)))
    }
}
