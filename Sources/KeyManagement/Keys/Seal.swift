/// A message authentication code that the token makes over a record: HMAC-SHA256 (RFC 2104, FIPS 198-1) under the
/// integrity key of a root epoch.
package struct Seal: Hashable, Sendable {
    /// The epoch whose integrity key made it.
    package let epoch: RootEpoch
    /// The code: 32 bytes.
    package let code: [UInt8]

    package static let byteCount = 32

    package init(epoch: RootEpoch, code: [UInt8]) {
        self.epoch = epoch
        self.code = code
    }
}

/// A record that affects decisions, and is therefore sealed.
package protocol Sealable: Sendable {
    /// The encoding of everything that decides. It is unambiguous.
    var canonicalBytes: [UInt8] { get }
    /// The description of the record, for an operator who reads that its seal is broken.
    var sealedName: String { get }
}

/// A record as a store returns it. It must not be trusted before its seal is verified.
package struct Sealed<Content: Sealable>: Sendable {
    /// The record, which anyone with write access to the database could have written.
    package let unverified: Content
    package let seal: Seal

    package init(unverified: Content, seal: Seal) {
        self.unverified = unverified
        self.seal = seal
    }
}

extension Sealed: Equatable where Content: Equatable {}
