/// How often one version may encrypt.
///
/// AES-GCM with random 96-bit nonces is limited to 2^32 encryptions under one key (NIST SP 800-38D §8.3). Uses are reserved in
/// durable blocks before they are made: a crash counts those of its block that were not made, and never misses one.
public struct UsageLimit: Hashable, Sendable {
    /// The most uses.
    public let most: UInt64
    /// From so many reserved uses on, the key is rotated.
    public let rotateFrom: UInt64
    /// How many uses are reserved at once.
    public let block: UInt64

    /// 2^32 uses; rotated from fifteen sixteenths of it on; reserved by 65,536.
    public static let gcm = UsageLimit(most: 1 << 32, rotateFrom: 15 << 28, block: 1 << 16)

    /// - Precondition: `block` fits between `rotateFrom` and `most`, and all are above 0.
    public init(most: UInt64, rotateFrom: UInt64, block: UInt64) {
        precondition(block > 0 && rotateFrom > 0 && rotateFrom <= most && block <= most, "a limit that limits nothing")
        self.most = most
        self.rotateFrom = rotateFrom
        self.block = block
    }
}
