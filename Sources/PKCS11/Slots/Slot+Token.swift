internal import CPKCS11

extension Slot {
    /// Makes the token in this slot anew: destroys all that is in it, sets its label and the security officer's PIN
    /// (`C_InitToken`, v2.40 §5.5).
    ///
    /// A token that was initialized before takes the security officer's PIN that it has, not a new one. The user's
    /// PIN is set afterwards, by the security officer, with ``Session/initializeUserPIN(_:)``. SoftHSM gives the slot
    /// another number the next time it is loaded; look for a token by its label or serial number.
    ///
    /// - Parameters:
    ///   - label: at most 32 bytes of UTF-8.
    ///   - securityOfficerPIN: the new PIN, or the one that the token has.
    /// - Throws: `CKR_ARGUMENTS_BAD` for a longer label, without a call; `CKR_SESSION_EXISTS` while any session is
    ///   open.
    public func initializeToken(label: String, securityOfficerPIN: PIN) throws(PKCS11Error) {
        guard label.utf8.count <= 32 else { throw .returned(.argumentsBad, from: .initToken) }
        let blanks = repeatElement(UInt8(ascii: " "), count: 32 - label.utf8.count)
        try withBytes(of: Array(label.utf8) + blanks) { (label) throws(PKCS11Error) in
            try securityOfficerPIN.withUnsafeBytes { (pin) throws(PKCS11Error) in
                try module.call(.initToken, module.functions.pointee.C_InitToken) {
                    $0(id, pin.cBytes, pin.cCount, label.cBytes)
                }
            }
        }
    }

    /// Opens a session (`C_OpenSession`, v2.40 §5.6). It closes when its value goes away.
    ///
    /// - Throws: `CKR_SESSION_COUNT` when the token has no more; `CKR_SESSION_READ_WRITE_SO_EXISTS` for a read-only
    ///   session while the security officer is logged in.
    public func openSession(
        _ access: SessionAccess, in scope: SessionScope? = nil
    ) throws(PKCS11Error) -> sending Session {
        let flags =
            switch access {
            case .readOnly: CKF_SERIAL_SESSION
            case .readWrite: CKF_SERIAL_SESSION | CKF_RW_SESSION
            }
        var handle: CK_SESSION_HANDLE = CK_INVALID_HANDLE
        try module.call(.openSession, module.functions.pointee.C_OpenSession) { $0(id, flags, nil, nil, &handle) }
        guard handle != CK_INVALID_HANDLE else {
            throw .malformedAnswer(from: .openSession, "a session without a handle")
        }
        return Session(handle: handle, slot: self, scope: scope)
    }

    /// Closes all sessions of this process with the token, which also logs out and destroys session objects
    /// (`C_CloseAllSessions`, v2.40 §5.6).
    ///
    /// Every open ``Session`` of the slot is dead after it, other libraries' sessions included. Those of your own
    /// must be given up with ``Session/abandon()``: closing them again would hit whoever was given the same number
    /// since.
    public func closeAllSessions() throws(PKCS11Error) {
        try module.call(.closeAllSessions, module.functions.pointee.C_CloseAllSessions) { $0(id) }
    }
}
