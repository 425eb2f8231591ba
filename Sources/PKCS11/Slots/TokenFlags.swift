internal import CPKCS11

/// The states and abilities of a token (v2.40 §3.2, "Token Information Flags").
public struct TokenFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// The token has a random number generator.
    public static let hasRNG = TokenFlags(rawValue: CKF_RNG)
    /// Nothing in the token can be changed.
    public static let writeProtected = TokenFlags(rawValue: CKF_WRITE_PROTECTED)
    /// Some functions need a login.
    public static let loginRequired = TokenFlags(rawValue: CKF_LOGIN_REQUIRED)
    /// The user has a PIN.
    public static let userPINInitialized = TokenFlags(rawValue: CKF_USER_PIN_INITIALIZED)
    /// The token has a clock, see ``TokenInfo/clock``.
    public static let hasClock = TokenFlags(rawValue: CKF_CLOCK_ON_TOKEN)
    /// The PIN is entered at the device, see ``Session/loginAtDevice(_:)``.
    public static let protectedAuthenticationPath = TokenFlags(rawValue: CKF_PROTECTED_AUTHENTICATION_PATH)
    /// The token has a label and a security officer.
    public static let isInitialized = TokenFlags(rawValue: CKF_TOKEN_INITIALIZED)

    /// A wrong user PIN was entered since the last right one.
    public static let userPINCountLow = TokenFlags(rawValue: CKF_USER_PIN_COUNT_LOW)
    /// The next wrong user PIN locks it.
    public static let userPINFinalTry = TokenFlags(rawValue: CKF_USER_PIN_FINAL_TRY)
    /// Too many wrong user PINs; the security officer can set a new one.
    public static let userPINLocked = TokenFlags(rawValue: CKF_USER_PIN_LOCKED)
    /// The user PIN is the one from the factory, or has expired.
    public static let userPINToBeChanged = TokenFlags(rawValue: CKF_USER_PIN_TO_BE_CHANGED)

    /// The same four for the security officer.
    public static let securityOfficerPINCountLow = TokenFlags(rawValue: CKF_SO_PIN_COUNT_LOW)
    public static let securityOfficerPINFinalTry = TokenFlags(rawValue: CKF_SO_PIN_FINAL_TRY)
    public static let securityOfficerPINLocked = TokenFlags(rawValue: CKF_SO_PIN_LOCKED)
    public static let securityOfficerPINToBeChanged = TokenFlags(rawValue: CKF_SO_PIN_TO_BE_CHANGED)
}
