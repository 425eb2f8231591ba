internal import CPKCS11

/// The types of user that can log in (v2.40 §2.4).
public enum User: Sendable, Hashable {
    /// The user that initializes the token and sets the user's PIN; it sees no private objects.
    case securityOfficer
    /// The user that has access to private objects.
    case user
    /// The same user again, for one operation with a key that has `CKA_ALWAYS_AUTHENTICATE`.
    case contextSpecific

    var type: CK_USER_TYPE {
        switch self {
        case .securityOfficer: CKU_SO
        case .user: CKU_USER
        case .contextSpecific: CKU_CONTEXT_SPECIFIC
        }
    }
}

extension Session {
    /// Logs in, for all sessions of this process with the token (`C_Login`, v2.40 §5.6).
    ///
    /// Never repeat a login with the same PIN after a failure: tokens count failures, and three wrong PINs lock most of them.
    ///
    /// - Throws: `CKR_PIN_INCORRECT`, `CKR_PIN_LOCKED`, `CKR_USER_ALREADY_LOGGED_IN`, among others.
    public func login(_ user: User, pin: PIN) throws(PKCS11Error) {
        try pin.withUnsafeBytes { (pin) throws(PKCS11Error) in
            try call(.login, functions.pointee.C_Login) { $0(handle, user.type, pin.cBytes, pin.cCount) }
        }
    }

    /// Logs in on a token with its own PIN entry, at a key pad or reader (`C_Login` without a PIN, v2.40 §5.6).
    ///
    /// Only for tokens with ``TokenFlags/protectedAuthenticationPath``. Blocks until the PIN was entered.
    public func loginAtDevice(_ user: User) throws(PKCS11Error) {
        try call(.login, functions.pointee.C_Login) { $0(handle, user.type, nil, 0) }
    }

    /// Logs out, for all sessions of this process with the token, which invalidates handles of private objects and
    /// destroys private session objects (`C_Logout`, v2.40 §5.6).
    public func logout() throws(PKCS11Error) {
        try call(.logout, functions.pointee.C_Logout) { $0(handle) }
    }

    /// Sets the user's PIN for the first time or after it was locked (`C_InitPIN`, v2.40 §5.5).
    ///
    /// Needs a read/write session in which the security officer is logged in.
    public func initializeUserPIN(_ pin: PIN) throws(PKCS11Error) {
        try pin.withUnsafeBytes { (pin) throws(PKCS11Error) in
            try call(.initPIN, functions.pointee.C_InitPIN) { $0(handle, pin.cBytes, pin.cCount) }
        }
    }

    /// Changes the PIN of the logged-in user, or the normal user's if no user is logged in (`C_SetPIN`, v2.40 §5.5).
    ///
    /// Needs a read/write session.
    public func setPIN(old: PIN, new: PIN) throws(PKCS11Error) {
        try old.withUnsafeBytes { (old) throws(PKCS11Error) in
            try new.withUnsafeBytes { (new) throws(PKCS11Error) in
                try call(.setPIN, functions.pointee.C_SetPIN) {
                    $0(handle, old.cBytes, old.cCount, new.cBytes, new.cCount)
                }
            }
        }
    }
}
