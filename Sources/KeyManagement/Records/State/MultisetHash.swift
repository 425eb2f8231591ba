internal import Crypto

/// A number modulo 2^256.
struct Sum256: Hashable, Sendable {
    private var limbs: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static let zero = Sum256()

    private init() {}

    /// Creates a number from 32 bytes, big-endian.
    init(_ bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.prefix(32).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        limbs = (words[3], words[2], words[1], words[0])
    }

    /// The number as 32 bytes, big-endian.
    var bytes: [UInt8] {
        [limbs.3, limbs.2, limbs.1, limbs.0].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    static func + (lhs: Sum256, rhs: Sum256) -> Sum256 {
        var result = Sum256()
        var carry = false
        (result.limbs.0, carry) = add(lhs.limbs.0, rhs.limbs.0, carry)
        (result.limbs.1, carry) = add(lhs.limbs.1, rhs.limbs.1, carry)
        (result.limbs.2, carry) = add(lhs.limbs.2, rhs.limbs.2, carry)
        (result.limbs.3, _) = add(lhs.limbs.3, rhs.limbs.3, carry)
        return result
    }

    static func - (lhs: Sum256, rhs: Sum256) -> Sum256 {
        // Two's complement: the inverse of x is its complement plus one.
        var inverse = Sum256()
        inverse.limbs = (~rhs.limbs.0, ~rhs.limbs.1, ~rhs.limbs.2, ~rhs.limbs.3)
        var one = Sum256()
        one.limbs.0 = 1
        return lhs + inverse + one
    }

    private static func add(_ lhs: UInt64, _ rhs: UInt64, _ carry: Bool) -> (UInt64, Bool) {
        let (half, first) = lhs.addingReportingOverflow(rhs)
        let (sum, second) = half.addingReportingOverflow(carry ? 1 : 0)
        return (sum, first || second)
    }

    /// The most significant 64 bits.
    var high: UInt64 { limbs.3 }

    static func == (lhs: Sum256, rhs: Sum256) -> Bool { lhs.limbs == rhs.limbs }

    func hash(into hasher: inout Hasher) {
        hasher.combine(limbs.0)
        hasher.combine(limbs.1)
        hasher.combine(limbs.2)
        hasher.combine(limbs.3)
    }
}

/// The keyed functions of the state digest: the term that a member adds to its shard's sum, and the blinding of the stored sum.
///
/// Both are HMAC-SHA256 under one key, distinguished by their first byte. Without the key, nobody can compute the term of a
/// member, or derive it from the difference of two sums. So members cannot be chosen to add up to a given sum.
struct MultisetHash: Sendable {
    /// The HMAC state after the key, copied for each use, so that the key is hashed once.
    private let begun: HMAC<SHA256>

    /// Creates the functions.
    ///
    /// - Parameter key: 32 bytes that the token generated.
    init(key: UnsafeRawBufferPointer) {
        begun = HMAC<SHA256>(key: SymmetricKey(data: key))
    }

    /// Returns the term that a member adds to the sum.
    func element(place: [UInt8], digest: [UInt8]) -> Sum256 {
        var mac = begun
        mac.update(data: [1])
        mac.update(data: place)
        mac.update(data: digest)
        return Sum256(mac.finalize())
    }

    func mask(of index: ShardIndex, counter: UInt64, blind: [UInt8]) -> Sum256 {
        var encoding = CanonicalEncoding(domain: "hsm-kms/state/mask/1")
        encoding.append(1, UInt32(index.number))
        encoding.append(2, counter)
        encoding.append(3, blind)
        var mac = begun
        mac.update(data: [0])
        mac.update(data: encoding.bytes)
        return Sum256(mac.finalize())
    }
}
