internal import CPKCS11

/// A session with a token. It logs in, holds session objects and runs one operation at a time (v2.40 §2.6).
///
/// A session closes when its value is released. Closing the last one of a process logs out and destroys all session objects. Code
/// that caches handles must therefore keep one open.
///
/// ## Threads
/// A module allows calls from any thread, but a session has one operation at a time. Another thread's `C_EncryptInit` between
/// this one's `C_EncryptInit` and `C_Encrypt` would encrypt under its key. So a session is not `Sendable`. It *can* be handed
/// over as a whole (`sending`): into a `Mutex<Session>`, an actor, or an object that a dedicated thread owns. Calls block until
/// the token has answered.
///
/// ## Operations
/// Initialization and operation are always one call here (``encrypt(_:with:_:)`` and the like), in single-part form. No failure
/// that the standard permits leaves an operation active. A session that still returns `CKR_OPERATION_ACTIVE`, or throws any
/// ``PKCS11Error/malformedAnswer(from:_:)``, must be closed.
public struct Session: ~Copyable {
    /// The session's slot. It keeps the module alive.
    public let slot: Slot

    var handle: CK_SESSION_HANDLE
    private let scope: SessionScope?

    init(handle: CK_SESSION_HANDLE, slot: Slot, scope: SessionScope? = nil) {
        self.handle = handle
        self.slot = slot
        self.scope = scope
    }

    deinit {
        guard handle != CK_INVALID_HANDLE, !isOver else { return }
        // A session that no longer exists cannot be closed; that failure has no remedy and no receiver.
        let handle = handle
        _ = slot.module.returnValue(of: slot.module.functions.pointee.C_CloseSession) { $0(handle) }
    }

    var module: Module { slot.module }
    var functions: UnsafePointer<CK_FUNCTION_LIST> { slot.module.functions }

    /// True if its ``SessionScope`` has ended.
    public var isOver: Bool { scope?.isOver ?? false }

    /// Runs a function with this session, unless the session is over, and turns anything but `CKR_OK` into an error.
    @inline(__always)
    func call<Entry>(
        _ function: Function, _ entry: Entry?, _ body: (Entry) -> CK_RV
    ) throws(PKCS11Error) {
        let result = returnValue(of: entry, body)
        guard result == CKR_OK else { throw .returned(ReturnValue(rawValue: result), from: function) }
    }

    /// Runs a function and returns its code, for callers that distinguish return values themselves.
    @inline(__always)
    func returnValue<Entry>(of entry: Entry?, _ body: (Entry) -> CK_RV) -> CK_RV {
        guard !isOver else { return CKR_SESSION_CLOSED }
        return module.returnValue(of: entry, body)
    }
}

// Limited to one thread at a time, see above.
@available(*, unavailable)
extension Session: Sendable {}

extension Session {
    /// Returns the state of the session: access, and the user that is logged in (`C_GetSessionInfo`, v2.40 §5.6).
    public func info() throws(PKCS11Error) -> SessionInfo {
        var info = CK_SESSION_INFO()
        try call(.getSessionInfo, functions.pointee.C_GetSessionInfo) { $0(handle, &info) }
        return try SessionInfo(info)
    }

    /// Closes the session and throws if that failed (`C_CloseSession`, v2.40 §5.6). Releasing the session closes it, too.
    public consuming func close() throws(PKCS11Error) {
        let closing = handle
        handle = CK_INVALID_HANDLE
        try call(.closeSession, functions.pointee.C_CloseSession) { $0(closing) }
    }

    /// Releases a session that is known to be dead, without closing it.
    ///
    /// After ``Slot/closeAllSessions()`` or `CKR_SESSION_HANDLE_INVALID` a module may have given the same number to a new
    /// session, which would be closed instead.
    public consuming func abandon() {
        handle = CK_INVALID_HANDLE
    }
}

/// The access of a session.
public enum SessionAccess: Sendable, Hashable {
    /// Token objects cannot be made, changed or destroyed; session objects can. The security officer cannot log in.
    case readOnly
    /// Everything that the login permits.
    case readWrite
}
