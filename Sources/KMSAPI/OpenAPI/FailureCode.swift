/// The codes of failures, with the status that each goes with. A test holds them against ``APIError``.
enum FailureCode: String, CaseIterable, Sendable {
    case invalidRequest = "INVALID_REQUEST"
    case unsupported = "UNSUPPORTED"
    case usageForbids = "USAGE_FORBIDS"
    case decryptionFailed = "DECRYPTION_FAILED"
    case materialDiffers = "MATERIAL_DIFFERS"
    case materialRejected = "MATERIAL_REJECTED"
    case unauthenticated = "UNAUTHENTICATED"
    case accessDenied = "ACCESS_DENIED"
    case notFound = "NOT_FOUND"
    case keyNotFound = "KEY_NOT_FOUND"
    case versionNotFound = "VERSION_NOT_FOUND"
    case aliasNotFound = "ALIAS_NOT_FOUND"
    case importJobNotFound = "IMPORT_JOB_NOT_FOUND"
    case projectNotFound = "PROJECT_NOT_FOUND"
    case subjectNotFound = "SUBJECT_NOT_FOUND"
    case groupNotFound = "GROUP_NOT_FOUND"
    case credentialNotFound = "CREDENTIAL_NOT_FOUND"
    case accessKeyNotFound = "ACCESS_KEY_NOT_FOUND"
    case rootNotFound = "ROOT_NOT_FOUND"
    case approvalNotFound = "APPROVAL_NOT_FOUND"
    case grantNotFound = "GRANT_NOT_FOUND"
    case limitReached = "LIMIT_REACHED"
    case approvalRequired = "APPROVAL_REQUIRED"
    case approvalInvalid = "APPROVAL_INVALID"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case keyNameTaken = "KEY_NAME_TAKEN"
    case nameTaken = "NAME_TAKEN"
    case conflict = "CONFLICT"
    case stateForbids = "STATE_FORBIDS"
    case payloadTooLarge = "PAYLOAD_TOO_LARGE"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case idempotencyMismatch = "IDEMPOTENCY_MISMATCH"
    case rateLimited = "RATE_LIMITED"
    case tooManyFailures = "TOO_MANY_FAILURES"
    case headersTooLarge = "HEADERS_TOO_LARGE"
    case recordTampered = "RECORD_TAMPERED"
    case internalFailure = "INTERNAL_FAILURE"
    case busy = "BUSY"
    case tokenUnavailable = "TOKEN_UNAVAILABLE"
    case storeUnavailable = "STORE_UNAVAILABLE"
    case auditUnavailable = "AUDIT_UNAVAILABLE"

    var status: Int {
        switch self {
        case .invalidRequest, .unsupported, .usageForbids, .decryptionFailed, .materialDiffers, .materialRejected: 400
        case .unauthenticated: 401
        case .accessDenied, .approvalRequired, .approvalInvalid: 403
        case .notFound, .keyNotFound, .versionNotFound, .aliasNotFound, .importJobNotFound, .projectNotFound,
            .subjectNotFound, .groupNotFound, .credentialNotFound, .accessKeyNotFound, .rootNotFound,
            .approvalNotFound, .grantNotFound:
            404
        case .methodNotAllowed: 405
        case .keyNameTaken, .nameTaken, .conflict, .stateForbids, .limitReached: 409
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .idempotencyMismatch: 422
        case .rateLimited, .tooManyFailures: 429
        case .headersTooLarge: 431
        case .recordTampered, .internalFailure: 500
        case .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable: 503
        }
    }

    /// What every request can be answered with, whatever it asks.
    static let always: Set<FailureCode> = [
        .invalidRequest, .rateLimited, .tooManyFailures, .headersTooLarge, .recordTampered, .internalFailure, .busy,
        .tokenUnavailable, .storeUnavailable, .auditUnavailable,
    ]

    /// What every request that needs a credential can be answered with, too.
    static let behindCredentials: Set<FailureCode> = [.unauthenticated, .accessDenied]

    /// What a request with a body can be answered with, too.
    static let ofBodies: Set<FailureCode> = [.payloadTooLarge, .unsupportedMediaType]

    /// What the use of a key can be answered with, too.
    static let ofUses: Set<FailureCode> = [.keyNotFound, .stateForbids, .usageForbids, .unsupported, .conflict]

    /// What a change of a key can be answered with, too.
    static let ofChanges: Set<FailureCode> = [.keyNotFound, .stateForbids, .conflict]

    /// What an operation can be answered with, too, that may need approvals.
    static let ofGuarded: Set<FailureCode> = [.approvalNotFound, .approvalRequired, .approvalInvalid, .conflict]

    /// What a change of the directory can be answered with, too.
    static let ofDirectory: Set<FailureCode> = [.conflict]
}
