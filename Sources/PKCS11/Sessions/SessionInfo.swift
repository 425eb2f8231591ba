internal import CPKCS11

/// State of a session (`CK_SESSION_INFO`, v2.40 §3.3).
public struct SessionInfo: Sendable, Equatable {
    /// The number of the slot that the session is with.
    public let slotID: UInt
    /// Access, and who is logged in.
    public let state: SessionState
    /// A code of the device's own for its last error; only the vendor's documentation says what it means.
    public let deviceError: UInt

    init(_ info: CK_SESSION_INFO) throws(PKCS11Error) {
        slotID = info.slotID
        state = try SessionState(info.state)
        deviceError = info.ulDeviceError
    }
}

/// Access of a session, and who is logged in on its token (v2.40 §2.6).
///
/// A login counts for all sessions of the process with the token, so the state changes with another session's login.
public enum SessionState: Sendable, Hashable {
    /// Nobody is logged in.
    case readOnlyPublic
    /// The user is logged in; token objects are only read.
    case readOnlyUser
    /// Nobody is logged in; public token objects may change.
    case readWritePublic
    /// The user is logged in.
    case readWriteUser
    /// The security officer is logged in.
    case readWriteSecurityOfficer

    init(_ state: CK_STATE) throws(PKCS11Error) {
        self =
            switch state {
            case CKS_RO_PUBLIC_SESSION: .readOnlyPublic
            case CKS_RO_USER_FUNCTIONS: .readOnlyUser
            case CKS_RW_PUBLIC_SESSION: .readWritePublic
            case CKS_RW_USER_FUNCTIONS: .readWriteUser
            case CKS_RW_SO_FUNCTIONS: .readWriteSecurityOfficer
            default: throw .malformedAnswer(from: .getSessionInfo, "session state \(state)")
            }
    }

    /// Whether the user is logged in.
    public var isUserLoggedIn: Bool { self == .readOnlyUser || self == .readWriteUser }
}
