package import NIOCore
import Testing

/// A data key that the service has acknowledged.
package struct IssuedDataKey: Sendable {
    package let ciphertext: String
    package let plaintext: String
}

extension Service {
    /// Issues a data key, which must succeed.
    package func issue(_ key: String, timeout: TimeAmount = .seconds(30)) async throws -> IssuedDataKey {
        let answer = try await request("POST", "/keys/\(key)/data-key", timeout: timeout)
        return IssuedDataKey(
            ciphertext: try #require(answer.data["ciphertext"], "\(answer.text)"),
            plaintext: try #require(answer.data["plaintext"]))
    }

    /// Returns true if an issued data key still decrypts to the same plaintext.
    package func opens(_ issued: IssuedDataKey) async throws -> Bool {
        let answer = try await request("POST", "/decrypt", #"{"ciphertext":"\#(issued.ciphertext)"}"#)
        return answer.data["plaintext"] == issued.plaintext
    }
}
