/// A message authentication code that the token makes over a record: HMAC-SHA256 (RFC 2104, FIPS 198-1) under the
/// integrity key of a root epoch.
public struct Seal: Hashable, Sendable {
    /// The epoch whose integrity key made it.
    public let epoch: RootEpoch
    /// The code: 32 bytes.
    public let code: [UInt8]

    public static let byteCount = 32

    public init(epoch: RootEpoch, code: [UInt8]) {
        self.epoch = epoch
        self.code = code
    }
}

/// A record that affects decisions, and is therefore sealed.
public protocol Sealable: Sendable {
    /// The encoding of everything that decides. It is unambiguous.
    var canonicalBytes: [UInt8] { get }
    /// The description of the record, for an operator who reads that its seal is broken.
    var sealedName: String { get }
}

/// A record as a store returns it. It must not be trusted before its seal is verified.
public struct Sealed<Content: Sealable>: Sendable {
    /// The record, which anyone with write access to the database could have written.
    public let unverified: Content
    public let seal: Seal

    public init(unverified: Content, seal: Seal) {
        self.unverified = unverified
        self.seal = seal
    }
}

extension Sealed: Equatable where Content: Equatable {}
