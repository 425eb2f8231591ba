internal import KeyManagement
internal import PKCS11

// The one place where a module's return values become failures that the domain can tell apart. A code alone says little:
// SoftHSM returns CKR_GENERAL_ERROR for a wrong tag as for a lost device. So function and code are looked at together.

extension TokenError {
    init(_ error: PKCS11Error) {
        switch error {
        case .returned(let code, from: let function):
            self = Self.classify(code, from: function, text: "\(error)")
        case .moduleNotLoaded, .malformedAnswer:
            self = .failed("\(error)")
        }
    }

    private static func classify(_ code: ReturnValue, from function: Function, text: String) -> TokenError {
        if Self.lostCodes.contains(code) { return .unavailable(text) }
        switch function {
        case .decrypt where Self.notAuthenticCodes.contains(code): return .rejected
        case .unwrapKey: return .unwrapFailed(text)
        default: return Self.exhaustedCodes.contains(code) ? .busy(text) : .failed(text)
        }
    }

    /// What a session, a login or a device that is gone returns from any function.
    private static let lostCodes: Set<ReturnValue> = [
        .deviceError, .deviceRemoved, .tokenNotPresent, .tokenNotRecognized, .cryptokiNotInitialized,
        .sessionClosed, .sessionHandleInvalid, .userNotLoggedIn, .objectHandleInvalid, .keyHandleInvalid,
    ]

    /// What modules return from `C_Decrypt` for a box that is not authentic. SoftHSM's general error becomes one of them
    /// once the key was seen to work, see `PKCS11Token.decrypt`.
    private static let notAuthenticCodes: Set<ReturnValue> = [
        .encryptedDataInvalid, .encryptedDataLenRange, .aeadDecryptFailed, .dataInvalid, .dataLenRange,
    ]

    /// What passes when others have finished.
    private static let exhaustedCodes: Set<ReturnValue> = [.sessionCount, .deviceMemory, .hostMemory]
}

extension PKCS11Error {
    /// Whether the session that returned this is not to be used again.
    var endsSession: Bool {
        switch self {
        case .malformedAnswer: true
        case .moduleNotLoaded: false
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
        case .sessionHandleInvalid, .sessionClosed, .deviceRemoved, .tokenNotPresent: true
        default: false
        }
    }

    /// Whether a decryption that failed so may have failed because of its input; whether the key works tells.
    var mayBeTheInput: Bool {
        self == .returned(.generalError, from: .decrypt) || self == .returned(.functionFailed, from: .decrypt)
    }

    /// Whether a cached handle may be the cause.
    var blamesHandle: Bool {
        code == .keyHandleInvalid || code == .objectHandleInvalid
    }
}
