internal import CPKCS11

/// Key sizes and uses of a mechanism on a token (`CK_MECHANISM_INFO`, v2.40 §3.5).
public struct MechanismInfo: Sendable, Equatable {
    /// In bits or bytes, as the mechanism has it (AES counts bytes, RSA bits); some modules mix them up.
    public let minKeySize: UInt
    /// In the same unit.
    public let maxKeySize: UInt
    /// What the mechanism can be used for.
    public let flags: MechanismFlags

    init(_ info: CK_MECHANISM_INFO) {
        minKeySize = info.ulMinKeySize
        maxKeySize = info.ulMaxKeySize
        flags = MechanismFlags(rawValue: info.flags)
    }
}

/// What a mechanism can be used for (v2.40 §3.5, "Mechanism Information Flags").
public struct MechanismFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// Performed by the device, not by software.
    public static let hardware = MechanismFlags(rawValue: CKF_HW)
    public static let encrypt = MechanismFlags(rawValue: CKF_ENCRYPT)
    public static let decrypt = MechanismFlags(rawValue: CKF_DECRYPT)
    public static let digest = MechanismFlags(rawValue: CKF_DIGEST)
    public static let sign = MechanismFlags(rawValue: CKF_SIGN)
    public static let verify = MechanismFlags(rawValue: CKF_VERIFY)
    public static let generate = MechanismFlags(rawValue: CKF_GENERATE)
    public static let generateKeyPair = MechanismFlags(rawValue: CKF_GENERATE_KEY_PAIR)
    public static let wrap = MechanismFlags(rawValue: CKF_WRAP)
    public static let unwrap = MechanismFlags(rawValue: CKF_UNWRAP)
    public static let derive = MechanismFlags(rawValue: CKF_DERIVE)
}
