internal import CPKCS11

/// What a module says about a token (`CK_TOKEN_INFO`, v2.40 §3.2).
///
/// Numbers that the token does not give (`CK_UNAVAILABLE_INFORMATION`) are nil.
public struct TokenInfo: Sendable, Equatable {
    /// At most 32 bytes of UTF-8, without the trailing blanks; given when the token was initialized.
    public let label: String
    /// At most 32 bytes of UTF-8, without the trailing blanks.
    public let manufacturer: String
    /// At most 16 bytes of UTF-8, without the trailing blanks.
    public let model: String
    /// At most 16 bytes, without the trailing blanks. SoftHSM makes a new one when the token is initialized.
    public let serialNumber: String
    /// States and abilities.
    public let flags: TokenFlags

    /// The most sessions that this process can have open; `UInt.max` when there is no limit that matters
    /// (`CK_EFFECTIVELY_INFINITE`).
    public let maxSessions: UInt?
    /// The sessions that this process has open.
    public let sessions: UInt?
    /// The most read/write sessions that this process can have open; `UInt.max` as above.
    public let maxReadWriteSessions: UInt?
    /// The read/write sessions that this process has open.
    public let readWriteSessions: UInt?

    /// In bytes.
    public let maxPINLength: UInt
    /// In bytes.
    public let minPINLength: UInt

    /// In bytes, for public objects; free memory likewise, and the same twice for private objects.
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

    /// `CK_EFFECTIVELY_INFINITE` is zero, which would compare as less than any number of sessions.
    private static func limit(_ number: CK_ULONG) -> UInt? {
        number == CK_EFFECTIVELY_INFINITE ? .max : known(number)
    }
}
