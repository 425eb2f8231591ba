internal import Crypto

/// A version key as the store keeps it: encrypted by a root key that never leaves the token.
public struct WrappedKey: Hashable, Sendable {
    /// The mechanism of the wrapping.
    public let mechanism: WrapMechanism
    /// The epoch of the roots that wrapped it.
    public let epoch: RootEpoch
    /// The token's output; 40 bytes for an AES-256 key.
    public let blob: [UInt8]

    public init(mechanism: WrapMechanism, epoch: RootEpoch, blob: [UInt8]) {
        self.mechanism = mechanism
        self.epoch = epoch
        self.blob = blob
    }

    /// SHA-256 of the blob: 32 bytes.
    public var digest: [UInt8] { Array(SHA256.hash(data: blob)) }
}

/// The mechanism that wraps a version key. The name is that of the standard, not the number that a module uses.
public enum WrapMechanism: String, Sendable, CaseIterable {
    /// AES Key Wrap: RFC 3394, NIST SP 800-38F §6.2.
    case aesKW = "AES-KW"
    /// AES Key Wrap with Padding: RFC 5649, NIST SP 800-38F §6.3.
    case aesKWP = "AES-KWP"
}

/// The number of a set of root keys, counted from 1.
public struct RootEpoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: UInt32

    /// Creates a number from 1 on; `nil` for 0.
    public init?(_ number: UInt32) {
        guard number > 0 else { return nil }
        self.number = number
    }

    private init(known number: UInt32) { self.number = number }

    public static let first = RootEpoch(known: 1)
    /// The last possible epoch, which in practice is never reached.
    public static let last = RootEpoch(known: .max)

    /// The next epoch; `nil` if no number is left.
    public var next: RootEpoch? { number == .max ? nil : RootEpoch(known: number + 1) }

    public static func < (lhs: RootEpoch, rhs: RootEpoch) -> Bool { lhs.number < rhs.number }

    public var description: String { String(number) }
}
