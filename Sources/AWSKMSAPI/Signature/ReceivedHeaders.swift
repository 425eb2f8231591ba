/// The headers of a request as received. Names are compared without regard to case (RFC 9110 §5.1).
struct ReceivedHeaders {
    private let all: [(name: String, value: String)]

    init(_ all: [(name: String, value: String)]) {
        self.all = all
    }

    /// Returns the values of a header.
    ///
    /// - Parameter name: in lower case.
    func values(_ name: some StringProtocol) -> [String] {
        all.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    func has(_ name: some StringProtocol) -> Bool {
        all.contains { Self.isSame($0.name, name) }
    }

    /// Returns the names that begin with a prefix, given in lower case.
    func names(withPrefix prefix: String) -> [String] {
        all.map(\.name).filter { name in
            name.utf8.count >= prefix.utf8.count
                && zip(name.utf8, prefix.utf8).allSatisfy { Self.lowercased($0) == $1 }
        }
    }

    static func isSame(_ name: String, _ lowercase: some StringProtocol) -> Bool {
        name.utf8.count == lowercase.utf8.count
            && zip(name.utf8, lowercase.utf8).allSatisfy { lowercased($0) == $1 }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
}
