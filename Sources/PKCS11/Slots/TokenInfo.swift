internal import CPKCS11

/// A module's description of a token (`CK_TOKEN_INFO`, v2.40 §3.2).
///
/// Numbers that the token does not report (`CK_UNAVAILABLE_INFORMATION`) are nil.
public struct TokenInfo: Sendable, Equatable {
    /// At most 32 bytes of UTF-8, without the trailing blanks; set when the token was initialized.
    public let label: String
    /// At most 32 bytes of UTF-8, without the trailing blanks.
    public let manufacturer: String
    /// At most 16 bytes of UTF-8, without the trailing blanks.
    public let model: String
    /// At most 16 bytes, without the trailing blanks. SoftHSM generates a new one when the token is initialized.
    public let serialNumber: String
    /// The states and abilities.
    public let flags: TokenFlags

    /// The maximum number of sessions that this process can have open; `UInt.max` if the token has no practical limit
    /// (`CK_EFFECTIVELY_INFINITE`).
    public let maxSessions: UInt?
    /// The number of sessions that this process has open.
    public let sessions: UInt?
    /// The maximum number of read/write sessions that this process can have open; `UInt.max` as above.
    public let maxReadWriteSessions: UInt?
    /// The number of read/write sessions that this process has open.
    public let readWriteSessions: UInt?

    /// The maximum length of a PIN in bytes.
    public let maxPINLength: UInt
    /// The minimum length of a PIN in bytes.
    public let minPINLength: UInt

    /// The memory for public objects in bytes. The next three are the free memory, and the same two for private objects.
    public let totalPublicMemory: UInt?
    public let freePublicMemory: UInt?
    public let totalPrivateMemory: UInt?
    public let freePrivateMemory: UInt?

    public let hardwareVersion: Version
    public let firmwareVersion: Version

    /// The token's clock as `YYYYMMDDhhmmssxx` in UTC, if it has one.
    public let clock: String?

    init(_ info: CK_TOKEN_INFO) {
        label = String(padded: info.label)
        manufacturer = String(padded: info.manufacturerID)
        model = String(padded: info.model)
        serialNumber = String(padded: info.serialNumber)
        flags = TokenFlags(rawValue: info.flags)
        maxSessions = Self.limit(info.ulMaxSessionCount)
        sessions = Self.known(info.ulSessionCount)
        maxReadWriteSessions = Self.limit(info.ulMaxRwSessionCount)
        readWriteSessions = Self.known(info.ulRwSessionCount)
        maxPINLength = info.ulMaxPinLen
        minPINLength = info.ulMinPinLen
        totalPublicMemory = Self.known(info.ulTotalPublicMemory)
        freePublicMemory = Self.known(info.ulFreePublicMemory)
        totalPrivateMemory = Self.known(info.ulTotalPrivateMemory)
        freePrivateMemory = Self.known(info.ulFreePrivateMemory)
        hardwareVersion = Version(info.hardwareVersion)
        firmwareVersion = Version(info.firmwareVersion)
        clock = flags.contains(.hasClock) ? String(padded: info.utcTime) : nil
    }

    private static func known(_ number: CK_ULONG) -> UInt? {
        number == CPKCS11_UNAVAILABLE_INFORMATION ? nil : number
    }

    /// Maps `CK_EFFECTIVELY_INFINITE` to the maximum. It is zero, which would compare as less than any number of sessions.
    private static func limit(_ number: CK_ULONG) -> UInt? {
        number == CK_EFFECTIVELY_INFINITE ? .max : known(number)
    }
}
