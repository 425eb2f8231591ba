internal import CPKCS11

/// A module's description of a slot (`CK_SLOT_INFO`, v2.40 §3.2).
public struct SlotInfo: Sendable, Equatable {
    /// At most 64 bytes of UTF-8, without the trailing blanks.
    public let description: String
    /// At most 32 bytes of UTF-8, without the trailing blanks.
    public let manufacturer: String
    /// The state and kind of the slot, including whether it has a token.
    public let flags: SlotFlags
    public let hardwareVersion: Version
    public let firmwareVersion: Version

    init(_ info: CK_SLOT_INFO) {
        description = String(padded: info.slotDescription)
        manufacturer = String(padded: info.manufacturerID)
        flags = SlotFlags(rawValue: info.flags)
        hardwareVersion = Version(info.hardwareVersion)
        firmwareVersion = Version(info.firmwareVersion)
    }
}

/// The states of a slot (v2.40 §3.2).
public struct SlotFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// The slot has a token.
    public static let tokenPresent = SlotFlags(rawValue: CKF_TOKEN_PRESENT)
    /// Tokens can be removed, such as cards of a reader.
    public static let removableDevice = SlotFlags(rawValue: CKF_REMOVABLE_DEVICE)
    /// The slot is a device, not software.
    public static let hardwareSlot = SlotFlags(rawValue: CKF_HW_SLOT)
}
