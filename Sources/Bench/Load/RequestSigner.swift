import Crypto
import Foundation

/// Signs requests for the API of AWS KMS by Signature Version 4, each when it is sent, as clients do.
final class RequestSigner {
    private struct Signable {
        /// The offsets of date and signature in the request, and of the date in the signed text.
        let dateInRequest, signatureInRequest, dateInCanonical: Int
        var canonical: [UInt8]
    }

    private let scope: String
    private let accessKey: String
    private let host: String
    private let key: SymmetricKey
    private var signables: [Signable] = []
    private var second = 0
    private var date: [UInt8]
    private var preamble: [UInt8] = []

    init(accessKey: String, secret: String, host: String) {
        self.accessKey = accessKey
        self.host = host
        let now = Self.text(of: Int(Date().timeIntervalSince1970))
        date = Array(now.utf8)
        let day = now.prefix(8)
        scope = "\(day)/\(Machine.region)/kms/aws4_request"
        var key = SymmetricKey(data: Data("AWS4\(secret)".utf8))
        for part in scope.split(separator: "/") {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        self.key = key
    }

    private static let signedHeaders = "content-type;host;x-amz-date;x-amz-target"
    private static let contentType = "application/x-amz-json-1.1"

    /// Makes the next request, which must be signed when it is sent.
    func add(_ operation: String, _ body: String) -> [UInt8] {
        let date = String(decoding: date, as: UTF8.self)
        let hash = SHA256.hash(data: Data(body.utf8)).map { String(format: "%02x", $0) }.joined()
        let target = "TrentService.\(operation)"
        let before = "POST\n/\n\ncontent-type:\(Self.contentType)\nhost:\(host)\nx-amz-date:"
        let canonical = "\(before)\(date)\nx-amz-target:\(target)\n\n\(Self.signedHeaders)\n\(hash)"
        let start = "POST / HTTP/1.1\r\nHost: \(host)\r\nX-Amz-Date: "
        let middle =
            "\(start)\(date)\r\nX-Amz-Target: \(target)\r\nContent-Type: \(Self.contentType)\r\n"
            + "Authorization: AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(Self.signedHeaders), Signature="
        let end = "\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        signables.append(
            Signable(
                dateInRequest: start.utf8.count, signatureInRequest: middle.utf8.count,
                dateInCanonical: before.utf8.count, canonical: Array(canonical.utf8)))
        return Array("\(middle)\(String(repeating: "0", count: 64))\(end)".utf8)
    }

    /// Signs a request. Unsafe: `bytes` is the request that ``add(_:_:)`` made with this index, lent for the call.
    func sign(_ index: Int, _ bytes: UnsafeMutablePointer<UInt8>) {
        refreshDate()
        let place = signables[index]
        signables[index].canonical.replaceSubrange(
            place.dateInCanonical..<(place.dateInCanonical + date.count), with: date)
        var text = preamble
        text.reserveCapacity(preamble.count + 64)
        Self.appendHexadecimal(SHA256.hash(data: signables[index].canonical), to: &text)
        var signature: [UInt8] = []
        signature.reserveCapacity(64)
        Self.appendHexadecimal(HMAC<SHA256>.authenticationCode(for: text, using: key), to: &signature)
        for (offset, byte) in date.enumerated() { bytes[place.dateInRequest + offset] = byte }
        for (offset, byte) in signature.enumerated() { bytes[place.signatureInRequest + offset] = byte }
    }

    private func refreshDate() {
        let now = time(nil)
        guard now != second else { return }
        second = now
        date = Array(Self.text(of: now).utf8)
        preamble = Array("AWS4-HMAC-SHA256\n\(String(decoding: date, as: UTF8.self))\n\(scope)\n".utf8)
    }

    private static func text(of second: Int) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        return String(
            format: "%04d%02d%02dT%02d%02d%02dZ", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
            Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func appendHexadecimal(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
