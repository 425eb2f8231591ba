internal import PKCS11

/// Logs in once, for the lifetime of the connection.
enum TokenLogin {
    /// Opens a session and logs the user in.
    ///
    /// - Throws: ``TokenOpenError`` with advice for the operator. A refused PIN is not tried again here. If one more wrong PIN
    ///   would lock the token, no PIN is tried.
    static func open(
        _ access: SessionAccess, on located: LocatedToken, in scope: SessionScope? = nil,
        pin readPIN: () throws(TokenOpenError) -> PIN
    ) throws(TokenOpenError) -> sending Session {
        let name = located.name
        let flags = located.info.flags
        if flags.contains(.userPINLocked) { throw .pinLocked(token: name) }
        if flags.contains(.userPINFinalTry) { throw .pinFinalTry(token: name) }
        guard flags.contains(.userPINInitialized) else {
            throw .failed("\(name) has no user PIN yet; the security officer has to set one")
        }
        let pin = try readPIN()
        do throws(PKCS11Error) {
            let session = try located.slot.openSession(access, in: scope)
            do throws(PKCS11Error) {
                try session.login(.user, pin: pin)
            } catch .returned(.userAlreadyLoggedIn, _) {
                // The login belongs to the process; another connection of it to this token is already logged in.
            }
            return session
        } catch {
            switch error.code {
            case .pinIncorrect, .pinInvalid, .pinLenRange: throw .pinIncorrect(token: name)
            case .pinLocked: throw .pinLocked(token: name)
            default: throw .failed("no login to \(name): \(error)")
            }
        }
    }
}
