import Encodings

extension PublicKey {
    private static let header = "-----BEGIN PUBLIC KEY-----"
    private static let footer = "-----END PUBLIC KEY-----"

    /// The SubjectPublicKeyInfo in PEM (RFC 7468 §13), with a line feed at the end.
    package var pem: String {
        var text = Self.header + "\n"
        var line = 0
        for character in Base64Text.encode(der) {
            if line == 64 {
                text.append("\n")
                line = 0
            }
            text.append(character)
            line += 1
        }
        return text + "\n" + Self.footer + "\n"
    }

    /// Reads PEM: one block, surrounded by nothing but white space.
    package convenience init(pem: String) throws(LibCryptoError) {
        let lines = pem.split { $0.isNewline }.map { $0.filter { !$0.isWhitespace || $0 == " " } }
            .map { String($0).trimmed }.filter { !$0.isEmpty }
        guard lines.count >= 3, lines.first == Self.header, lines.last == Self.footer,
            let der = Base64Text.decode(lines.dropFirst().dropLast().joined())
        else { throw .malformed("not the PEM of a public key") }
        try self.init(der: der)
    }

    /// The members of a JSON Web Key, in a fixed order (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 8812 §3.1).
    package var jwk: [(name: String, value: String)] {
        switch components {
        case .rsa(let modulus, let exponent):
            [("kty", "RSA"), ("n", Base64URL.encode(modulus)), ("e", Base64URL.encode(exponent))]
        case .ec(let curve, let point):
            [
                ("kty", "EC"), ("crv", curve.jwkName),
                ("x", Base64URL.encode(Array(point[1..<1 + curve.coordinateByteCount]))),
                ("y", Base64URL.encode(Array(point[(1 + curve.coordinateByteCount)...]))),
            ]
        case .ed25519(let bytes): [("kty", "OKP"), ("crv", "Ed25519"), ("x", Base64URL.encode(bytes))]
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
