internal import CPKCS11

/// The key sizes and uses of a mechanism on a token (`CK_MECHANISM_INFO`, v2.40 §3.5).
public struct MechanismInfo: Sendable, Equatable {
    /// The minimum, in bits or bytes depending on the mechanism (AES counts bytes, RSA bits); some modules mix them up.
    public let minKeySize: UInt
    /// The maximum, in the same unit.
    public let maxKeySize: UInt
    /// The permitted uses of the mechanism.
    public let flags: MechanismFlags

    init(_ info: CK_MECHANISM_INFO) {
        minKeySize = info.ulMinKeySize
        maxKeySize = info.ulMaxKeySize
        flags = MechanismFlags(rawValue: info.flags)
    }
}

/// The uses of a mechanism (v2.40 §3.5, "Mechanism Information Flags").
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
