/// The header `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. Spaces after the commas are optional.
struct AuthorizationHeader {
    let text: String
    let credential: Substring
    let signedHeaders: Substring
    let signature: Substring

    /// Reads the header.
    ///
    /// - Throws: `MissingAuthenticationTokenException` if there is no such header; `IncompleteSignatureException` if a part of it is
    ///   missing, or another header that it needs.
    init(_ headers: ReceivedHeaders) throws(AWSFailure) {
        let values = headers.values("authorization")
        guard let text = values.first, text.utf8.starts(with: "AWS4-".utf8) else { throw .missingToken }
        guard values.count == 1 else { throw .incompleteSignature("There is more than one Authorization header.") }
        let (algorithm, rest) = Self.split(text[...], at: UInt8(ascii: " ")) ?? (text[...], "")
        guard algorithm == SignatureV4.algorithm else {
            throw .incompleteSignature("Unsupported AWS 'algorithm': '\(algorithm)'.")
        }
        let parameters = try Self.parameters(rest, of: text)
        func parameter(_ name: Substring) -> Substring? { parameters.first { $0.name == name }?.value }
        let missing = ["Credential", "Signature", "SignedHeaders"].filter { parameter($0[...])?.isEmpty ?? true }
        var complaints = missing.map { "Authorization header requires '\($0)' parameter." }
        if !headers.has("x-amz-date"), !headers.has("date") {
            complaints.append(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        }
        guard complaints.isEmpty, let credential = parameter("Credential"), let signature = parameter("Signature"),
            let signedHeaders = parameter("SignedHeaders")
        else {
            throw .incompleteSignature("\(complaints.joined(separator: " ")) Authorization=\(text)")
        }
        self.text = text
        self.credential = credential
        self.signedHeaders = signedHeaders
        self.signature = signature
    }

    private static func parameters(
        _ list: Substring, of text: String
    ) throws(AWSFailure) -> [(name: Substring, value: Substring)] {
        var parameters: [(name: Substring, value: Substring)] = []
        for part in list.utf8.split(separator: UInt8(ascii: ",")) {
            let parameter = trimmed(Substring(part))
            guard !parameter.isEmpty else { continue }
            guard let (name, value) = split(parameter, at: UInt8(ascii: "=")) else {
                throw .incompleteSignature(
                    "'\(parameter)' not a valid key=value pair (missing equal-sign) in Authorization header: '\(text)'."
                )
            }
            guard !parameters.contains(where: { $0.name == name }) else {
                throw .incompleteSignature("Authorization header has '\(name)' more than once. Authorization=\(text)")
            }
            parameters.append((name, value))
        }
        return parameters
    }

    private static func split(_ text: Substring, at separator: UInt8) -> (Substring, Substring)? {
        guard let place = text.utf8.firstIndex(of: separator) else { return nil }
        return (text[..<place], text[text.utf8.index(after: place)...])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var bytes = text.utf8
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        return Substring(bytes)
    }
}
