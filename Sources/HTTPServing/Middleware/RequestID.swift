import Encodings
package import HTTPTypes
import Hummingbird
import KeyManagement

/// The id by which the caller, the log and the operator refer to the same request.
enum RequestID {
    private static let maxLength = 64

    /// Returns the client's own id if it is 1 to 64 characters of `A–Z a–z 0–9 _ -`, otherwise a new one. Any other text could inject
    /// content into the log.
    static func of(_ request: Request) -> String {
        guard let presented = request.headers[.xRequestID], isAcceptable(presented) else { return make() }
        return presented
    }

    static func isAcceptable(_ text: String) -> Bool {
        (1...maxLength).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Returns 16 random bytes in hexadecimal.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let halves = (generator.next() as UInt64, generator.next() as UInt64)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                let shift = UInt64(60 - 4 * index)
                buffer[index] = digit(halves.0 >> shift)
                buffer[index + 16] = digit(halves.1 >> shift)
            }
            return 32
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 { Hexadecimal.digits[Int(value & 0x0F)] }
}

extension HTTPField.Name {
    package static let xRequestID = known("X-Request-Id")

    /// Returns the header name of a constant.
    package static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("'\(text)' is no name of a header") }
        return name
    }
}
