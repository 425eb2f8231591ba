internal import Crypto
import Encodings
import KeyManagement

/// The canonical form of a request, which is signed: the parts that must not change in transit, independent of the client's library.
struct CanonicalRequest {
    let bytes: [UInt8]

    /// Builds the canonical form.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path as received, percent-encoded.
    ///   - query: the query as received, without the question mark.
    ///   - headers: the signed headers.
    ///   - payload: the hash of the body, hexadecimal.
    init(method: String, path: String, query: String, headers: SignedHeaders, payload: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        bytes += method.utf8
        bytes.append(Self.newline)
        CanonicalPath.append(path, to: &bytes)
        bytes.append(Self.newline)
        CanonicalQuery.append(query, to: &bytes)
        bytes.append(Self.newline)
        for (name, value) in headers.fields {
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += value
            bytes.append(Self.newline)
        }
        bytes.append(Self.newline)
        bytes += headers.list.utf8
        bytes.append(Self.newline)
        bytes += payload.utf8
        self.bytes = bytes
    }

    func stringToSign(_ time: RequestTime, _ scope: CredentialScope) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text += "\(SignatureV4.algorithm)\n\(time.text)\n\(scope.text)\n".utf8
        text += Hexadecimal.text(Array(SHA256.hash(data: bytes))).utf8
        return text
    }

    private static let newline = UInt8(ascii: "\n")
}

/// The path as botocore forms it for every service but S3: dot segments and empty segments are removed (RFC 3986 §5.2.4), and
/// percent-encoded characters are encoded again.
enum CanonicalPath {
    static func append(_ path: String, to bytes: inout [UInt8]) {
        var segments: [Substring.UTF8View] = []
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        bytes.append(UInt8(ascii: "/"))
        for (place, segment) in segments.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: "/")) }
            for byte in segment { appendEncoded(byte, to: &bytes) }
        }
        if !segments.isEmpty, path.utf8.last == UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
    private static func appendEncoded(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 0xF)])
        }
    }
}

/// The query as botocore forms it: the parameters sorted by name and then by value, each as received.
enum CanonicalQuery {
    static func append(_ query: String, to bytes: inout [UInt8]) {
        guard !query.isEmpty else { return }
        let pairs = pairs(query).sorted { lhs, rhs in
            lhs.name.elementsEqual(rhs.name)
                ? lhs.value.lexicographicallyPrecedes(rhs.value) : lhs.name.lexicographicallyPrecedes(rhs.name)
        }
        for (place, pair) in pairs.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: "&")) }
            bytes += pair.name
            bytes.append(UInt8(ascii: "="))
            bytes += pair.value
        }
    }

    /// Returns true if the signature is in the query, where anyone who sees the address could send it again.
    static func isPresigned(_ query: String) -> Bool {
        guard !query.isEmpty else { return false }
        return pairs(query).contains { pair in
            let name = Substring(pair.name).lowercased()
            return name.hasPrefix("x-amz-") || name == "awsaccesskeyid"
        }
    }

    private static func pairs(_ query: String) -> [(name: Substring.UTF8View, value: Substring.UTF8View)] {
        query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { pair in
            guard let place = pair.firstIndex(of: UInt8(ascii: "=")) else { return (pair, pair[pair.endIndex...]) }
            return (pair[..<place], pair[pair.index(after: place)...])
        }
    }
}
