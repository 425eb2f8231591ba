internal import CPKCS11

/// The state of a session (`CK_SESSION_INFO`, v2.40 §3.3).
public struct SessionInfo: Sendable, Equatable {
    /// The number of the session's slot.
    public let slotID: UInt
    /// The access, and the user that is logged in.
    public let state: SessionState
    /// The device's own code for its last error, which only the vendor's documentation explains.
    public let deviceError: UInt

    init(_ info: CK_SESSION_INFO) throws(PKCS11Error) {
        slotID = info.slotID
        state = try SessionState(info.state)
        deviceError = info.ulDeviceError
    }
}

/// The access of a session, and the user that is logged in on its token (v2.40 §2.6).
///
/// A login counts for all sessions of the process with the token, so the state changes with another session's login.
public enum SessionState: Sendable, Hashable {
    /// No user is logged in; token objects are read-only.
    case readOnlyPublic
    /// The user is logged in; token objects are read-only.
    case readOnlyUser
    /// No user is logged in; public token objects may change.
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

    /// True if the user is logged in.
    public var isUserLoggedIn: Bool { self == .readOnlyUser || self == .readWriteUser }
}
