/// The limit of encryptions of one version.
///
/// AES-GCM with random 96-bit nonces is limited to 2^32 encryptions under one key (NIST SP 800-38D §8.3). Uses are reserved in
/// durable blocks before they are made. A crash counts the unused rest of its blocks as used, and never misses a use.
package struct UsageLimit: Hashable, Sendable {
    /// The maximum number of uses.
    package let maxUses: UInt64
    /// The number of reserved uses at which the key is rotated.
    package let rotateFrom: UInt64
    /// The number of uses that are reserved at once.
    package let block: UInt64

    /// The limit for AES-GCM: 2^32 uses, rotated at fifteen sixteenths of it, reserved in blocks of 65,536.
    package static let gcm = UsageLimit(maxUses: 1 << 32, rotateFrom: 15 << 28, block: 1 << 16)

    /// Creates a limit.
    ///
    /// - Precondition: all are above 0, and neither `rotateFrom` nor `block` is above `maxUses`.
    package init(maxUses: UInt64, rotateFrom: UInt64, block: UInt64) {
        precondition(
            block > 0 && rotateFrom > 0 && rotateFrom <= maxUses && block <= maxUses, "a limit that limits nothing")
        self.maxUses = maxUses
        self.rotateFrom = rotateFrom
        self.block = block
    }
}
