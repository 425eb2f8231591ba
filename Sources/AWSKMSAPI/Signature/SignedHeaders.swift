/// The headers that a signature covers, with their values in canonical form.
struct SignedHeaders {
    /// As the client listed them: `host;x-amz-date`.
    let list: Substring
    let fields: [(name: Substring, value: [UInt8])]

    /// - Throws: `InvalidSignatureException` when something is not covered that has to be, or is listed and not there.
    init(_ list: Substring, of headers: ReceivedHeaders) throws(AWSFailure) {
        let names = list.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        // In order, and none twice: then there are no more of them than headers.
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
        // It decides what the request may do, as nothing else does that AWS does not know.
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

    /// Values in a row with commas between, each without white space at its ends, and with single spaces within.
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

    /// Space, tab and what separates lines.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
