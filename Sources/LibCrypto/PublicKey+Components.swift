extension PublicKey {
    /// The numbers of a public key.
    enum Components: Hashable, Sendable {
        /// RSA: big-endian, without leading zeros.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// A point on a curve, uncompressed.
        case ec(NamedCurve, point: [UInt8])
        case ed25519([UInt8])

        var kind: Kind {
            switch self {
            case .rsa(let modulus, _): .rsa(bits: modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0))
            case .ec(let curve, _): .ec(curve)
            case .ed25519: .ed25519
            }
        }

        /// Refuses keys that the service does not support, before the library sees them.
        func check() throws(LibCryptoError) {
            switch self {
            case .rsa(_, let exponent):
                guard case .rsa(let bits) = kind, (2048...4096).contains(bits) else {
                    throw .malformed("an RSA modulus has 2048 to 4096 bits")
                }
                guard (1...8).contains(exponent.count), exponent.last.map({ $0 & 1 == 1 }) ?? false, exponent != [1]
                else { throw .malformed("an RSA exponent is odd, at least 3, and has at most 8 bytes") }
            case .ec(let curve, let point):
                guard point.count == 1 + 2 * curve.coordinateByteCount, point.first == 4 else {
                    throw .malformed("a point is 04, X and Y of \(curve.coordinateByteCount) bytes each")
                }
            case .ed25519(let bytes):
                guard bytes.count == 32 else { throw .malformed("an Ed25519 key has 32 bytes") }
            }
        }
    }
}

extension PublicKey.Components {
    /// The object identifier 1.2.840.113549.1.1.1 (RFC 8017 §A.1).
    private static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    /// The object identifier 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
    static let ecPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    /// The object identifier 1.3.101.112 (RFC 8410 §3).
    private static let edwards25519: [UInt8] = [0x2B, 0x65, 0x70]

    /// The identifier and parameters of the algorithm, as public and private keys name it.
    var algorithmIdentifier: [UInt8] {
        switch self {
        case .rsa: DERWriter.sequence(DERWriter.identifier(Self.rsaEncryption), DERWriter.null)
        case .ec(let curve, _):
            DERWriter.sequence(DERWriter.identifier(Self.ecPublicKey), DERWriter.identifier(curve.identifier))
        case .ed25519: DERWriter.sequence(DERWriter.identifier(Self.edwards25519))
        }
    }

    /// The SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    var der: [UInt8] {
        let key: [UInt8] =
            switch self {
            case .rsa(let modulus, let exponent):
                DERWriter.sequence(DERWriter.integer(modulus), DERWriter.integer(exponent))
            case .ec(_, let point): point
            case .ed25519(let bytes): bytes
            }
        return DERWriter.sequence(algorithmIdentifier, DERWriter.bitString(key))
    }

    /// Reads the encoding that ``der`` writes; returns nil for anything else.
    init?(der: [UInt8]) {
        guard var info = DERReader(sequence: der), var algorithm = info.sequence(),
            let identifier = algorithm.identifier(), let key = info.bitString(), info.isAtEnd
        else { return nil }
        switch identifier {
        case Self.rsaEncryption:
            guard algorithm.null(), algorithm.isAtEnd, var numbers = DERReader(sequence: key),
                let modulus = numbers.integer(),
                let exponent = numbers.integer(), numbers.isAtEnd
            else { return nil }
            self = .rsa(modulus: modulus, exponent: exponent)
        case Self.ecPublicKey:
            guard let name = algorithm.identifier(), algorithm.isAtEnd,
                let curve = NamedCurve.allCases.first(where: { $0.identifier == name })
            else { return nil }
            self = .ec(curve, point: key)
        case Self.edwards25519:
            guard algorithm.isAtEnd else { return nil }
            self = .ed25519(key)
        default: return nil
        }
    }
}
