/// The headers that a signature covers, with their values in canonical form.
struct SignedHeaders {
    /// The list as the client sent it: `host;x-amz-date`.
    let list: Substring
    let fields: [(name: Substring, value: [UInt8])]

    /// Reads the list.
    ///
    /// - Throws: `InvalidSignatureException` if a required header is not covered, or a listed one is absent.
    init(_ list: Substring, of headers: ReceivedHeaders) throws(AWSFailure) {
        let names = list.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        // The names must be sorted and unique, so there are no more of them than headers.
        guard zip(names, names.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
            throw .signatureMismatch
        }
        guard names.contains("host") else {
            throw .invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
        }
        for name in headers.names(withPrefix: "x-amz-")
        where !names.contains(where: { ReceivedHeaders.isSame(name, $0) }) {
            throw .invalidSignature("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
        }
        // `X-Approval` must be signed, because it is the only header unknown to AWS that decides what the request may do.
        let approvals = headers.values("x-approval")
        guard approvals.isEmpty || names.contains("x-approval") else {
            throw .invalidSignature("'X-Approval' must be a 'SignedHeader' in the AWS Authorization.")
        }
        guard approvals.count <= 1 else { throw .validation("X-Approval is given more than once") }
        var fields: [(name: Substring, value: [UInt8])] = []
        fields.reserveCapacity(names.count)
        for name in names {
            let values = headers.values(name)
            guard !values.isEmpty else { throw .signatureMismatch }
            fields.append((name, Self.canonical(values)))
        }
        self.list = list
        self.fields = fields
    }

    /// Joins the values with commas, each trimmed, and with runs of white space reduced to one space.
    private static func canonical(_ values: [String]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(values.reduce(0) { $0 + $1.utf8.count + 1 })
        for (place, value) in values.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            let start = text.count
            var isAfterSpace = false
            for byte in value.utf8 {
                if isSpace(byte) {
                    isAfterSpace = true
                } else {
                    if isAfterSpace, text.count > start { text.append(UInt8(ascii: " ")) }
                    isAfterSpace = false
                    text.append(byte)
                }
            }
        }
        return text
    }

    /// Returns true for space, tab and line separators.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
