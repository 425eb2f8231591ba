/// Shamir's scheme: a secret is split into n shares. Any m of them recover it; m - 1 of them reveal nothing but its length (A. Shamir, How
/// to Share a Secret, CACM 22(11), 1979).
///
/// It works byte by byte, over the field of 256 elements. For each byte, share x has the value at x of a random polynomial of degree m - 1
/// whose value at 0 is the byte.
public enum Shamir {
    /// Splits a secret.
    ///
    /// - Parameters:
    ///   - secret: the secret to split.
    ///   - required: the number of shares that recover it, 2 to `count`.
    ///   - count: the number of shares, up to 255.
    /// - Throws: ``SharingError/outOfRange``.
    public static func split(_ secret: [UInt8], required: Int, count: Int) throws(SharingError) -> [Share] {
        var generator = SystemRandomNumberGenerator()
        return try split(secret, required: required, count: count, using: &generator)
    }

    /// Splits a secret with another generator, which must be as good as the system's.
    static func split(
        _ secret: [UInt8], required: Int, count: Int, using generator: inout some RandomNumberGenerator
    ) throws(SharingError) -> [Share] {
        guard !secret.isEmpty, secret.count <= Share.maxLength, required >= 2, required <= count, count <= 255 else {
            throw .outOfRange
        }
        var values = [[UInt8]](repeating: [], count: count)
        for byte in secret {
            let higher = (1..<required).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let polynomial = [byte] + higher
            for index in 0..<count { values[index].append(value(of: polynomial, at: UInt8(index + 1))) }
        }
        return values.enumerated().map { Share(required: required, index: UInt8($0 + 1), value: $1) }
    }

    /// Recovers a secret. Additional shares are accepted, but all of them must agree.
    ///
    /// - Throws: ``SharingError`` if there are too few shares, if they do not belong to one secret, or if one is duplicated.
    public static func combine(_ shares: [Share]) throws(SharingError) -> [UInt8] {
        guard let first = shares.first else { throw .tooFew(needed: 2, there: 0) }
        guard shares.allSatisfy({ $0.required == first.required && $0.value.count == first.value.count }) else {
            throw .unrelated
        }
        guard Set(shares.map(\.index)).count == shares.count else { throw .twice }
        guard shares.count >= first.required else { throw .tooFew(needed: first.required, there: shares.count) }
        let some = Array(shares.prefix(first.required))
        for other in shares.dropFirst(first.required) where interpolate(some, at: other.index) != other.value {
            throw .unrelated
        }
        return interpolate(some, at: 0)
    }

    private static func value(of polynomial: [UInt8], at x: UInt8) -> UInt8 {
        polynomial.reversed().reduce(0) { GaloisField.multiply($0, x) ^ $1 }
    }

    /// Returns the values at x of the polynomials through the shares (Lagrange).
    private static func interpolate(_ shares: [Share], at x: UInt8) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: shares[0].value.count)
        for share in shares {
            var factor: UInt8 = 1
            for other in shares where other.index != share.index {
                let quotient = GaloisField.multiply(
                    other.index ^ x, GaloisField.inverse(other.index ^ share.index))
                factor = GaloisField.multiply(factor, quotient)
            }
            for (place, byte) in share.value.enumerated() { result[place] ^= GaloisField.multiply(factor, byte) }
        }
        return result
    }
}

/// The reason why shares do not recover a secret.
public enum SharingError: Error, Hashable, Sendable, CustomStringConvertible {
    case outOfRange
    case tooFew(needed: Int, there: Int)
    /// The shares do not belong to one secret.
    case unrelated
    case twice
    /// A text is not a share, or a character of it was changed.
    case malformed(String)

    public var description: String {
        switch self {
        case .outOfRange:
            "a secret of 1 to \(Share.maxLength) bytes is cut into up to 255 shares, 2 or more of which are required"
        case .tooFew(let needed, let there): "\(needed) shares are required, and there are \(there)"
        case .unrelated: "the shares are not of one secret"
        case .twice: "one share is there twice"
        case .malformed(let what): "this is no share: \(what)"
        }
    }
}
