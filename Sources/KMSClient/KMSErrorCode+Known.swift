// The codes of this version of the service.
extension KMSErrorCode {
    public static let invalidRequest = KMSErrorCode(rawValue: "INVALID_REQUEST")
    public static let unsupported = KMSErrorCode(rawValue: "UNSUPPORTED")
    public static let usageForbids = KMSErrorCode(rawValue: "USAGE_FORBIDS")
    public static let decryptionFailed = KMSErrorCode(rawValue: "DECRYPTION_FAILED")
    public static let materialDiffers = KMSErrorCode(rawValue: "MATERIAL_DIFFERS")
    public static let materialRejected = KMSErrorCode(rawValue: "MATERIAL_REJECTED")
    public static let projectRequired = KMSErrorCode(rawValue: "PROJECT_REQUIRED")
    public static let unauthenticated = KMSErrorCode(rawValue: "UNAUTHENTICATED")
    public static let accessDenied = KMSErrorCode(rawValue: "ACCESS_DENIED")
    public static let notFound = KMSErrorCode(rawValue: "NOT_FOUND")
    public static let keyNotFound = KMSErrorCode(rawValue: "KEY_NOT_FOUND")
    public static let versionNotFound = KMSErrorCode(rawValue: "VERSION_NOT_FOUND")
    public static let aliasNotFound = KMSErrorCode(rawValue: "ALIAS_NOT_FOUND")
    public static let importJobNotFound = KMSErrorCode(rawValue: "IMPORT_JOB_NOT_FOUND")
    public static let projectNotFound = KMSErrorCode(rawValue: "PROJECT_NOT_FOUND")
    public static let subjectNotFound = KMSErrorCode(rawValue: "SUBJECT_NOT_FOUND")
    public static let groupNotFound = KMSErrorCode(rawValue: "GROUP_NOT_FOUND")
    public static let credentialNotFound = KMSErrorCode(rawValue: "CREDENTIAL_NOT_FOUND")
    public static let accessKeyNotFound = KMSErrorCode(rawValue: "ACCESS_KEY_NOT_FOUND")
    public static let rootNotFound = KMSErrorCode(rawValue: "ROOT_NOT_FOUND")
    public static let approvalNotFound = KMSErrorCode(rawValue: "APPROVAL_NOT_FOUND")
    public static let grantNotFound = KMSErrorCode(rawValue: "GRANT_NOT_FOUND")
    public static let limitReached = KMSErrorCode(rawValue: "LIMIT_REACHED")
    public static let approvalRequired = KMSErrorCode(rawValue: "APPROVAL_REQUIRED")
    public static let approvalInvalid = KMSErrorCode(rawValue: "APPROVAL_INVALID")
    public static let methodNotAllowed = KMSErrorCode(rawValue: "METHOD_NOT_ALLOWED")
    public static let keyNameTaken = KMSErrorCode(rawValue: "KEY_NAME_TAKEN")
    public static let nameTaken = KMSErrorCode(rawValue: "NAME_TAKEN")
    public static let conflict = KMSErrorCode(rawValue: "CONFLICT")
    public static let stateForbids = KMSErrorCode(rawValue: "STATE_FORBIDS")
    public static let payloadTooLarge = KMSErrorCode(rawValue: "PAYLOAD_TOO_LARGE")
    public static let unsupportedMediaType = KMSErrorCode(rawValue: "UNSUPPORTED_MEDIA_TYPE")
    public static let idempotencyMismatch = KMSErrorCode(rawValue: "IDEMPOTENCY_MISMATCH")
    public static let rateLimited = KMSErrorCode(rawValue: "RATE_LIMITED")
    public static let tooManyFailures = KMSErrorCode(rawValue: "TOO_MANY_FAILURES")
    public static let headersTooLarge = KMSErrorCode(rawValue: "HEADERS_TOO_LARGE")
    public static let recordTampered = KMSErrorCode(rawValue: "RECORD_TAMPERED")
    public static let internalFailure = KMSErrorCode(rawValue: "INTERNAL_FAILURE")
    public static let busy = KMSErrorCode(rawValue: "BUSY")
    public static let tokenUnavailable = KMSErrorCode(rawValue: "TOKEN_UNAVAILABLE")
    public static let storeUnavailable = KMSErrorCode(rawValue: "STORE_UNAVAILABLE")
    public static let auditUnavailable = KMSErrorCode(rawValue: "AUDIT_UNAVAILABLE")

    /// All codes that this version knows.
    public static let known: Set<KMSErrorCode> = [
        .invalidRequest, .unsupported, .usageForbids, .decryptionFailed, .materialDiffers, .materialRejected,
        .projectRequired, .unauthenticated, .accessDenied, .notFound, .keyNotFound, .versionNotFound, .aliasNotFound,
        .importJobNotFound, .projectNotFound, .subjectNotFound, .groupNotFound, .credentialNotFound,
        .accessKeyNotFound, .rootNotFound, .approvalNotFound, .grantNotFound, .limitReached, .approvalRequired,
        .approvalInvalid, .methodNotAllowed, .keyNameTaken, .nameTaken, .conflict, .stateForbids, .payloadTooLarge,
        .unsupportedMediaType, .idempotencyMismatch, .rateLimited, .tooManyFailures, .headersTooLarge,
        .recordTampered, .internalFailure, .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable,
    ]
}
