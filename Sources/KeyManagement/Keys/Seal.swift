/// A message authentication code that the token makes over a record: HMAC-SHA256 (RFC 2104, FIPS 198-1) under the
/// integrity key of a root epoch.
public struct Seal: Hashable, Sendable {
    /// Under which epoch's integrity key.
    public let epoch: RootEpoch
    /// 32 bytes.
    public let code: [UInt8]

    public static let byteCount = 32

    public init(epoch: RootEpoch, code: [UInt8]) {
        self.epoch = epoch
        self.code = code
    }
}

/// A record that decides something, and is therefore sealed.
public protocol Sealable: Sendable {
    /// All that decides, in one unambiguous encoding.
    var canonicalBytes: [UInt8] { get }
    /// What the record is, for an operator who reads that its seal is broken.
    var sealedName: String { get }
}

/// A record as a store hands it out: not to be believed before its seal was checked.
public struct Sealed<Content: Sealable>: Sendable {
    /// The record, which anybody who can write to the database could have written.
    public let unverified: Content
    public let seal: Seal

    public init(unverified: Content, seal: Seal) {
        self.unverified = unverified
        self.seal = seal
    }
}

extension Sealed: Equatable where Content: Equatable {}
