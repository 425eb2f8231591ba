internal import KeyManagement
internal import PKCS11

// The one place where a module's return values become errors of the domain. A code alone is ambiguous: SoftHSM returns
// CKR_GENERAL_ERROR for a wrong tag and for a lost device. So function and code are considered together.

extension TokenError {
    init(_ error: PKCS11Error) {
        switch error {
        case .returned(let code, from: let function):
            self = Self.classify(code, from: function, text: "\(error)")
        case .malformedAnswer: self = .unavailable("\(error)")
        case .moduleNotLoaded: self = .failed("\(error)")
        }
    }

    private static func classify(_ code: ReturnValue, from function: Function, text: String) -> TokenError {
        if Self.lostCodes.contains(code) { return .unavailable(text) }
        switch function {
        case .decrypt where Self.notAuthenticCodes.contains(code): return .rejected
        case .unwrapKey where !Self.exhaustedCodes.contains(code) && code != .operationActive:
            return .unwrapFailed(text)
        case _ where Self.exhaustedCodes.contains(code): return .busy(text)
        case _ where Self.ambiguousCodes.contains(code): return .unavailable(text)
        default: return .failed(text)
        }
    }

    /// The codes that any function returns for a lost session, login or device.
    private static let lostCodes: Set<ReturnValue> = [
        .deviceError, .deviceRemoved, .tokenNotPresent, .tokenNotRecognized, .cryptokiNotInitialized,
        .sessionClosed, .sessionHandleInvalid, .userNotLoggedIn, .objectHandleInvalid, .keyHandleInvalid,
        .wrappingKeyHandleInvalid, .unwrappingKeyHandleInvalid,
    ]

    /// The codes that modules return from `C_Decrypt` for a box that is not authentic. SoftHSM's general error becomes one of
    /// them after the key was seen to work, see `PKCS11Token.decrypt`.
    private static let notAuthenticCodes: Set<ReturnValue> = [
        .encryptedDataInvalid, .encryptedDataLenRange, .aeadDecryptFailed, .dataInvalid, .dataLenRange,
    ]

    /// The codes of a shortage that passes when other work has finished.
    private static let exhaustedCodes: Set<ReturnValue> = [.sessionCount, .deviceMemory, .hostMemory]

    /// The codes that modules return when they have no specific one.
    fileprivate static let ambiguousCodes: Set<ReturnValue> = [.generalError, .functionFailed, .operationActive]
}

extension PKCS11Error {
    /// True if the session that returned this error must not be used again.
    var endsSession: Bool {
        switch self {
        case .malformedAnswer: true
        case .moduleNotLoaded: false
        // An object that could not be destroyed, perhaps an extractable new key, disappears with its session.
        case .returned(_, from: .destroyObject): true
        case .returned(let code, _):
            [
                .sessionHandleInvalid, .sessionClosed, .deviceError, .deviceRemoved, .tokenNotPresent,
                .operationActive, .cryptokiNotInitialized,
            ].contains(code)
        }
    }

    /// True if the token no longer knows the session.
    var meansSessionIsGone: Bool {
        switch code {
        case .sessionHandleInvalid, .sessionClosed: true
        default: meansTokenIsAbsent
        }
    }

    /// True if the token has disappeared.
    var meansTokenIsAbsent: Bool {
        switch code {
        case .deviceRemoved, .tokenNotPresent, .tokenNotRecognized: true
        default: false
        }
    }

    /// True if the same calls may succeed on a new session. The operations here create no persistent objects, so they can be
    /// repeated. Only the login is tried just once.
    var isWorthASecondTry: Bool {
        guard function != .login else { return false }
        return switch self {
        case .malformedAnswer: true
        case .moduleNotLoaded: false
        case .returned(let code, _):
            [.sessionHandleInvalid, .sessionClosed, .deviceError].contains(code)
                || TokenError.ambiguousCodes.contains(code)
        }
    }

    /// True if either the input or the token may be at fault, because SoftHSM has one code for both. An operation with known
    /// input on the same key tells which.
    var isAmbiguous: Bool { code == .generalError || code == .functionFailed }

    /// True if a decryption may have failed because of its input.
    var mayBeTheInput: Bool { isAmbiguous && function == .decrypt }

    /// True if a cached handle may be the cause.
    var blamesHandle: Bool {
        code == .keyHandleInvalid || code == .objectHandleInvalid
    }
}
