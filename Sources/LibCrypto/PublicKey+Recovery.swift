import CLibCrypto

extension PublicKey {
    /// Returns the public keys under which an ECDSA signature verifies; one of them is the signer's. There are at most four, and mostly two
    /// (SEC 1 §4.1.6).
    ///
    /// - Parameters:
    ///   - raw: the signature as `r | s`.
    ///   - digest: the signed digest, of any length up to that of the curve's order.
    ///   - curve: the curve of the signer's key.
    /// - Returns: no keys if the signature is valid under none.
    package static func recovered(
        from raw: [UInt8], over digest: [UInt8], curve: NamedCurve
    ) throws(LibCryptoError) -> [PublicKey] {
        guard raw.count == 2 * curve.coordinateByteCount else { return [] }
        let recovery = try PointRecovery(curve, raw, digest)
        var keys: [PublicKey] = []
        for multiple in 0...1 {
            for parity in 0...1 {
                guard let point = recovery.point(multiple: multiple, parity: Int32(parity)) else { continue }
                if let key = try? PublicKey(curve: curve, point: point) { keys.append(key) }
            }
        }
        return keys
    }
}

/// The numbers of one signature in libcrypto's form, freed together.
private final class PointRecovery {
    private let group: OpaquePointer
    private let context: OpaquePointer
    private let order: OpaquePointer
    private let field: OpaquePointer
    private let r: OpaquePointer
    private let s: OpaquePointer
    private let digest: OpaquePointer

    init(_ curve: NamedCurve, _ raw: [UInt8], _ digest: [UInt8]) throws(LibCryptoError) {
        guard let group = EC_GROUP_new_by_curve_name(curve.libCryptoName), let context = BN_CTX_new(),
            let order = BN_new(), let field = BN_new(),
            let r = Self.number(raw.prefix(curve.coordinateByteCount)),
            let s = Self.number(raw.suffix(curve.coordinateByteCount)), let number = Self.number(digest[...])
        else { throw .failed("no memory for a point") }
        (self.group, self.context, self.order, self.field) = (group, context, order, field)
        (self.r, self.s, self.digest) = (r, s, number)
        guard EC_GROUP_get_order(group, order, context) == 1,
            EC_GROUP_get_curve(group, field, nil, nil, context) == 1
        else { throw .failed("the curve has no order") }
        // The leftmost bits of the digest (FIPS 186-5 §6.4.1).
        let extra = Int32(digest.count * 8) - BN_num_bits(order)
        if extra > 0 { BN_rshift(number, number, extra) }
    }

    deinit {
        EC_GROUP_free(group)
        BN_CTX_free(context)
        for number in [order, field, r, s, digest] { BN_free(number) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> OpaquePointer? {
        bytes.withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, Int32($0.count), nil) }
    }

    /// Returns the point `r⁻¹(sR − eG)`, where R has the x coordinate `r + multiple · order` and this parity of y; nil if there is none.
    func point(multiple: Int, parity: Int32) -> [UInt8]? {
        guard BN_is_zero(r) == 0, BN_is_zero(s) == 0, BN_cmp(r, order) < 0, BN_cmp(s, order) < 0 else { return nil }
        guard let x = BN_dup(r), let inverse = BN_new(), let u1 = BN_new(), let u2 = BN_new(),
            let kept = EC_POINT_new(group), let result = EC_POINT_new(group)
        else { return nil }
        defer {
            for number in [x, inverse, u1, u2] { BN_free(number) }
            EC_POINT_free(kept)
            EC_POINT_free(result)
        }
        if multiple == 1, BN_add(x, x, order) != 1 { return nil }
        guard BN_cmp(x, field) < 0, EC_POINT_set_compressed_coordinates(group, kept, x, parity, context) == 1,
            BN_mod_inverse(inverse, r, order, context) != nil,
            BN_mod_mul(u1, digest, inverse, order, context) == 1, BN_sub(u1, order, u1) == 1,
            BN_mod_mul(u2, s, inverse, order, context) == 1,
            EC_POINT_mul(group, result, u1, kept, u2, context) == 1, EC_POINT_is_at_infinity(group, result) == 0
        else { return nil }
        return encoded(result)
    }

    private func encoded(_ point: OpaquePointer) -> [UInt8]? {
        let form = POINT_CONVERSION_UNCOMPRESSED
        let length = EC_POINT_point2oct(group, point, form, nil, 0, context)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            count = EC_POINT_point2oct(group, point, form, buffer.baseAddress, length, context)
        }
    }
}

extension NamedCurve {
    fileprivate var libCryptoName: Int32 {
        switch self {
        case .p256: NID_X9_62_prime256v1
        case .p384: NID_secp384r1
        case .p521: NID_secp521r1
        case .secp256k1: NID_secp256k1
        }
    }
}
