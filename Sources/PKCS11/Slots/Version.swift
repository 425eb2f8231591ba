internal import CPKCS11

/// A version of hardware, firmware, a library or the standard (`CK_VERSION`, v2.40 §3.1).
///
/// The standard counts the minor part in hundredths: 2.40 is 2 and 40.
public struct Version: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let major: UInt8
    public let minor: UInt8

    /// Creates a version from its parts: 2.40 is 2 and 40.
    public init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    init(_ version: CK_VERSION) {
        self.init(major: version.major, minor: version.minor)
    }

    public static func < (lhs: Version, rhs: Version) -> Bool {
        (lhs.major, lhs.minor) < (rhs.major, rhs.minor)
    }

    public var description: String { "\(major).\(minor)" }
}
