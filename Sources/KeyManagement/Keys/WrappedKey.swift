internal import Crypto

/// A version key as the store keeps it: encrypted by a root key that never leaves the token.
package struct WrappedKey: Hashable, Sendable {
    /// The mechanism of the wrapping.
    package let mechanism: WrapMechanism
    /// The epoch of the roots that wrapped it.
    package let epoch: RootEpoch
    /// The token's output; 40 bytes for an AES-256 key.
    package let blob: [UInt8]

    package init(mechanism: WrapMechanism, epoch: RootEpoch, blob: [UInt8]) {
        self.mechanism = mechanism
        self.epoch = epoch
        self.blob = blob
    }

    /// SHA-256 of the blob: 32 bytes.
    package var digest: [UInt8] { Array(SHA256.hash(data: blob)) }
}

/// The mechanism that wraps a version key. The name is that of the standard, not the number that a module uses.
package enum WrapMechanism: String, Sendable, CaseIterable {
    /// AES Key Wrap: RFC 3394, NIST SP 800-38F §6.2.
    case aesKW = "AES-KW"
    /// AES Key Wrap with Padding: RFC 5649, NIST SP 800-38F §6.3.
    case aesKWP = "AES-KWP"
}

/// The number of a set of root keys, counted from 1.
package struct RootEpoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt32

    /// Creates a number from 1 on; `nil` for 0.
    package init?(_ number: UInt32) {
        guard number > 0 else { return nil }
        self.number = number
    }

    private init(known number: UInt32) { self.number = number }

    package static let first = RootEpoch(known: 1)
    /// The last possible epoch, which in practice is never reached.
    package static let last = RootEpoch(known: .max)

    /// The next epoch; `nil` if no number is left.
    package var next: RootEpoch? { number == .max ? nil : RootEpoch(known: number + 1) }

    package static func < (lhs: RootEpoch, rhs: RootEpoch) -> Bool { lhs.number < rhs.number }

    package var description: String { String(number) }
}
