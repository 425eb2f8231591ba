internal import CPKCS11

extension Slot {
    /// Reinitializes the token in this slot: destroys everything in it, and sets its label and the security officer's PIN
    /// (`C_InitToken`, v2.40 §5.5).
    ///
    /// A token that was initialized before requires the security officer's existing PIN, not a new one. The security officer then
    /// sets the user's PIN with ``Session/initializeUserPIN(_:)``. SoftHSM gives the slot another number when it is next loaded;
    /// look for a token by its label or serial number.
    ///
    /// - Parameters:
    ///   - label: at most 32 bytes of UTF-8.
    ///   - securityOfficerPIN: the new PIN, or the token's existing one.
    /// - Throws: `CKR_ARGUMENTS_BAD` for a longer label, without a call; `CKR_SESSION_EXISTS` while any session is open.
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

    /// Opens a session (`C_OpenSession`, v2.40 §5.6). It closes when its value is released.
    ///
    /// - Throws: `CKR_SESSION_COUNT` if the token has no more; `CKR_SESSION_READ_WRITE_SO_EXISTS` for a read-only session while
    ///   the security officer is logged in.
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
    /// Every open ``Session`` of the slot is dead afterwards, including those of other libraries. Give up your own sessions with
    /// ``Session/abandon()``: closing them again could close a newer session with the same number.
    public func closeAllSessions() throws(PKCS11Error) {
        try module.call(.closeAllSessions, module.functions.pointee.C_CloseAllSessions) { $0(id) }
    }
}
