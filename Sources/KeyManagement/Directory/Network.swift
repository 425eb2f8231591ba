internal import Glibc

/// A range of IP addresses, `192.0.2.0/24` or `2001:db8::/32` (RFC 4632, RFC 4291 §2.3), or a single address.
package struct Network: Hashable, Sendable, CustomStringConvertible {
    private let address: IPAddress
    private let length: Int

    /// Reads a network.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` if the text is not a network, or has bits outside its prefix.
    package init(_ text: String) throws(KMSError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else {
            throw .invalidRequest("'\(text.prefix(64))' is not an IP address or a network, such as 192.0.2.0/24")
        }
        var length = address.bitCount
        if parts.count == 2 {
            guard let given = Int(parts[1]), String(given) == parts[1], (0...length).contains(given) else {
                throw .invalidRequest("'\(text.prefix(64))' has no prefix length of 0 to \(length)")
            }
            length = given
        }
        guard address.masked(to: length) == address else {
            throw .invalidRequest(
                "'\(text.prefix(64))' has bits outside its prefix; write \(address.masked(to: length))")
        }
        self.address = address
        self.length = length
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.bitCount == address.bitCount && other.masked(to: length) == address
    }

    package var description: String { "\(address)/\(length)" }
}

extension [Network] {
    /// Returns true if a request from an address is allowed. An empty list allows every address; any other list excludes an
    /// unknown address.
    func admit(_ source: String?) -> Bool {
        guard !isEmpty else { return true }
        guard let address = source.flatMap({ IPAddress($0) }) else { return false }
        return contains { $0.contains(address) }
    }
}

/// An address of IPv4 or IPv6. An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// Reads an address; `nil` if the text is not one.
    package init?(_ text: String) {
        // The system's function would stop at a zero byte.
        guard !text.utf8.contains(0), let bytes = Self.read(text, AF_INET, 4) ?? Self.read(text, AF_INET6, 16) else {
            return nil
        }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes.suffix(4)) : bytes
    }

    private static func read(_ text: String, _ family: Int32, _ byteCount: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var bitCount: Int { bytes.count * 8 }

    /// Returns the address with all bits after the first `length` set to zero.
    package func masked(to length: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(8, max(0, length - 8 * index))
                return kept == 0 ? 0 : byte & (0xFF << (8 - kept))
            })
    }

    package var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return Self.shortened(groups)
    }

    /// Returns the text with the longest run of zeros omitted, if it has two groups or more (RFC 5952 §4).
    private static func shortened(_ groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start >= 2 { best = start..<end }
            start = max(end, start + 1)
        }
        let texts = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return texts.joined(separator: ":") }
        return texts[..<best.lowerBound].joined(separator: ":") + "::"
            + texts[best.upperBound...].joined(separator: ":")
    }
}
