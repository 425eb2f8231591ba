internal import KeyManagement
internal import PKCS11

// The one place where a module's return values become failures that the domain can tell apart. A code alone says little:
// SoftHSM returns CKR_GENERAL_ERROR for a wrong tag as for a lost device. So function and code are looked at together.

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

    /// What a session, a login or a device that is gone returns from any function.
    private static let lostCodes: Set<ReturnValue> = [
        .deviceError, .deviceRemoved, .tokenNotPresent, .tokenNotRecognized, .cryptokiNotInitialized,
        .sessionClosed, .sessionHandleInvalid, .userNotLoggedIn, .objectHandleInvalid, .keyHandleInvalid,
        .wrappingKeyHandleInvalid, .unwrappingKeyHandleInvalid,
    ]

    /// What modules return from `C_Decrypt` for a box that is not authentic. SoftHSM's general error becomes one of them
    /// once the key was seen to work, see `PKCS11Token.decrypt`.
    private static let notAuthenticCodes: Set<ReturnValue> = [
        .encryptedDataInvalid, .encryptedDataLenRange, .aeadDecryptFailed, .dataInvalid, .dataLenRange,
    ]

    /// What passes when others have finished.
    private static let exhaustedCodes: Set<ReturnValue> = [.sessionCount, .deviceMemory, .hostMemory]

    /// What a module returns when it has nothing better to say.
    fileprivate static let ambiguousCodes: Set<ReturnValue> = [.generalError, .functionFailed, .operationActive]
}

extension PKCS11Error {
    /// Whether the session that returned this is not to be used again.
    var endsSession: Bool {
        switch self {
        case .malformedAnswer: true
        case .moduleNotLoaded: false
        // What could not be destroyed, a newborn key that may leave perhaps, goes with its session.
        case .returned(_, from: .destroyObject): true
        case .returned(let code, _):
            [
                .sessionHandleInvalid, .sessionClosed, .deviceError, .deviceRemoved, .tokenNotPresent,
                .operationActive, .cryptokiNotInitialized,
            ].contains(code)
        }
    }

    /// Whether the token does not know the session any more.
    var meansSessionIsGone: Bool {
        switch code {
        case .sessionHandleInvalid, .sessionClosed: true
        default: meansTokenIsAbsent
        }
    }

    /// Whether there is no token where there was one.
    var meansTokenIsAbsent: Bool {
        switch code {
        case .deviceRemoved, .tokenNotPresent, .tokenNotRecognized: true
        default: false
        }
    }

    /// Whether the same calls on a new session may succeed. Whatever is done here makes nothing that stays, so it can be done twice;
    /// what is tried once only is the login.
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

    /// Whether it may be the input that is wrong, or the token that is sick: SoftHSM has one code for both. Whether the key does
    /// what is known to be right tells.
    var isAmbiguous: Bool { code == .generalError || code == .functionFailed }

    /// Whether a decryption that failed so may have failed because of its input.
    var mayBeTheInput: Bool { isAmbiguous && function == .decrypt }

    /// Whether a cached handle may be the cause.
    var blamesHandle: Bool {
        code == .keyHandleInvalid || code == .objectHandleInvalid
    }
}
