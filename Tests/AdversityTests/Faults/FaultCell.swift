/// One cell of the fault campaign: a function, the code that it returns, and the number of times.
struct FaultCell: CustomStringConvertible, Sendable {
    enum Extent: String, CaseIterable {
        case once = "calls=1"
        case thrice = "calls=3"
        case twoSeconds = "for=2s"
    }

    let function: String
    let code: String
    let extent: Extent

    var description: String { "\(function) \(code) \(extent.rawValue)" }

    /// The rules for the module. Functions that are called only for a new connection come with a rule that causes one.
    var rules: [String] {
        let rule = "\(function) return \(code) \(extent.rawValue)"
        return Self.connecting.contains(function) ? ["C_GenerateRandom invalidate-sessions calls=1", rule] : [rule]
    }

    /// The functions that are called for each request, or for every few.
    static let serving = [
        "C_GenerateRandom", "C_EncryptInit", "C_Encrypt", "C_DecryptInit", "C_Decrypt", "C_SignInit", "C_Sign",
        "C_UnwrapKey", "C_DestroyObject", "C_GenerateKey", "C_WrapKey",
    ]
    /// The functions that are called for a new session or connection.
    static let connecting = [
        "C_GetInfo", "C_GetSlotList", "C_GetTokenInfo", "C_OpenSession", "C_Login", "C_FindObjectsInit",
        "C_FindObjects", "C_FindObjectsFinal", "C_GetAttributeValue", "C_GetSessionInfo", "C_CloseAllSessions",
    ]
    static let functions = serving + connecting

    static let codes = [
        "CKR_GENERAL_ERROR", "CKR_FUNCTION_FAILED", "CKR_DEVICE_ERROR", "CKR_DEVICE_MEMORY", "CKR_DEVICE_REMOVED",
        "CKR_TOKEN_NOT_PRESENT", "CKR_SESSION_HANDLE_INVALID", "CKR_SESSION_CLOSED", "CKR_KEY_HANDLE_INVALID",
        "CKR_OBJECT_HANDLE_INVALID", "CKR_USER_NOT_LOGGED_IN", "CKR_HOST_MEMORY", "CKR_CRYPTOKI_NOT_INITIALIZED",
        "CKR_OPERATION_ACTIVE", "CKR_SESSION_COUNT",
    ]

    static let all = functions.flatMap { function in
        codes.flatMap { code in Extent.allCases.map { FaultCell(function: function, code: code, extent: $0) } }
    }

    static func chosen(_ choice: String?) -> [FaultCell] {
        switch choice {
        case nil: sample
        case "all": all
        case let function: all.filter { $0.function == function }
        }
    }

    /// A sample with each function once, and the codes and extents in turn.
    static let sample = functions.enumerated().map { number, function in
        FaultCell(
            function: function, code: codes[(number * 4 + 2) % codes.count],
            extent: Extent.allCases[number % Extent.allCases.count])
    }
}
