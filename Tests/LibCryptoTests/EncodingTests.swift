import LibCrypto
import Testing

@Suite struct EncodingTests {
    @Test func `an ECDSA signature goes from raw to DER and back`() {
        for size in [32, 48, 66] {
            for fill in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
                let raw = [UInt8](repeating: fill, count: size) + [UInt8](repeating: 0x12, count: size)
                let der = ECDSASignature.der(fromRaw: raw)
                #expect(der.flatMap { ECDSASignature.raw(fromDER: $0, coordinateByteCount: size) } == raw)
            }
        }
        #expect(ECDSASignature.der(fromRaw: []) == nil)
        #expect(ECDSASignature.der(fromRaw: [1, 2, 3]) == nil)
    }

    /// The encodings of `r = 1, s = 2` that are not DER, or have other values.
    @Test(
        arguments: [
            [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02, 0x00], [0x30, 0x07, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02],
            [0x30, 0x81, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02],
            [0x30, 0x80, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02, 0x00, 0x00],
            [0x30, 0x07, 0x02, 0x02, 0x00, 0x01, 0x02, 0x01, 0x02], [0x30, 0x06, 0x02, 0x01, 0x81, 0x02, 0x01, 0x02],
            [0x30, 0x05, 0x02, 0x00, 0x02, 0x01, 0x02], [0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02],
            [0x30, 0x06, 0x03, 0x01, 0x01, 0x02, 0x01, 0x02], [0x30, 0x03, 0x02, 0x01, 0x01], [], [0x30],
            [0x30, 0x09, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02, 0x02, 0x01, 0x03],
        ] as [[UInt8]]) func `what is not strict DER is no signature`(_ bytes: [UInt8])
    {
        #expect(ECDSASignature.raw(fromDER: bytes, coordinateByteCount: 32) == nil)
    }

    @Test func `a number that is longer than the coordinate is no signature`() {
        let der = ECDSASignature.der(fromRaw: [UInt8](repeating: 1, count: 66))
        #expect(der.flatMap { ECDSASignature.raw(fromDER: $0, coordinateByteCount: 32) } == nil)
    }

    /// RFC 8017 §9.2, note 1.
    @Test func `a DigestInfo begins as RFC 8017 has it`() {
        let prefixes: [(HashFunction, [UInt8])] = [
            (.sha1, [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14]),
            (
                .sha256,
                [
                    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
                    0x00, 0x04, 0x20,
                ]
            ),
            (
                .sha384,
                [
                    0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05,
                    0x00, 0x04, 0x30,
                ]
            ),
            (
                .sha512,
                [
                    0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05,
                    0x00, 0x04, 0x40,
                ]
            ),
        ]
        for (hash, prefix) in prefixes {
            let digest = hash.digest(of: Array("abc".utf8))
            #expect(digest.count == hash.byteCount)
            #expect(PKCS1DigestInfo.der(of: digest, hash: hash) == prefix + digest)
        }
    }

    /// FIPS 180-4's example: SHA-256 of "abc".
    @Test func `hashes are those of FIPS 180-4`() {
        #expect(
            HashFunction.sha256.digest(of: Array("abc".utf8)).prefix(8) == [
                0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
            ])
        #expect(HashFunction.sha256.digest(of: []).prefix(4) == [0xe3, 0xb0, 0xc4, 0x42])
    }

    /// RFC 5649 §6 has 192-bit keys; this one is NIST's KWP-AE with 256 bits, the first of its file.
    @Test func `a wrapped key is that of NIST's vectors`() throws {
        let kek: [UInt8] = [
            0x20, 0xe4, 0xff, 0x6a, 0x88, 0xff, 0xa9, 0xa2, 0x81, 0x8b, 0x81, 0x70, 0x27, 0x93, 0xd8, 0xa0, 0x16, 0x72,
            0x2c, 0x2f, 0xa1, 0xff, 0x44, 0x5f, 0x24, 0xb9, 0xdb, 0x29, 0x3c, 0xb1, 0x20, 0x69,
        ]
        let wrapped = try ([0xd2] as [UInt8]).withUnsafeBytes { key in
            try kek.withUnsafeBytes { try KeyWrap.wrapWithPadding(key, under: $0) }
        }
        #expect(
            wrapped == [0x85, 0x01, 0x1d, 0xc9, 0x27, 0xb1, 0x67, 0xf4, 0x11, 0xb0, 0xb8, 0xe2, 0x1b, 0x11, 0xd8, 0x19])
        #expect(throws: LibCryptoError.self) {
            try ([] as [UInt8]).withUnsafeBytes { key in
                try kek.withUnsafeBytes { try KeyWrap.wrapWithPadding(key, under: $0) }
            }
        }
    }

    @Test func `comparing tells equal from unequal, whatever the lengths`() {
        #expect(ConstantTime.isEqual([], []) && ConstantTime.isEqual([1, 2], [1, 2]))
        #expect(!ConstantTime.isEqual([1], [1, 2]) && !ConstantTime.isEqual([1, 3], [1, 2]))
    }

    @Test func `padding of wrong lengths is refused, and no memory outside is touched`() {
        var room = [UInt8](repeating: 0, count: 256)
        for count in [0, 1, 41, 65, 255] {
            let encoded = [UInt8](repeating: 0, count: count)
            let result = encoded.withUnsafeBytes { encoded in
                room.withUnsafeMutableBytes { OAEP.unpad(encoded, hash: .sha256, into: $0) }
            }
            #expect(result == nil)
        }
        var small = [UInt8](repeating: 0, count: 10)
        let encoded = [UInt8](repeating: 0, count: 256)
        let result = encoded.withUnsafeBytes { encoded in
            small.withUnsafeMutableBytes { OAEP.unpad(encoded, hash: .sha256, into: $0) }
        }
        #expect(result == nil)
    }
}
