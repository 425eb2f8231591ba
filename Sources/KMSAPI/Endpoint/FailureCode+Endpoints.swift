import KeyManagement

// The failures that endpoints of a kind have in common.

extension FailureCode {
    /// The failures of every request.
    static let always: Set<FailureCode> = [
        .invalidRequest, .rateLimited, .tooManyFailures, .headersTooLarge, .recordTampered, .internalFailure, .busy,
        .tokenUnavailable, .storeUnavailable, .auditUnavailable,
    ]

    /// The additional failures of requests that need a credential.
    static let behindCredentials: Set<FailureCode> = [.projectRequired, .unauthenticated, .accessDenied]

    /// The additional failures of requests with a body.
    static let ofBodies: Set<FailureCode> = [.payloadTooLarge, .unsupportedMediaType]

    /// The additional failures of the use of a key.
    static let ofUses: Set<FailureCode> = [.keyNotFound, .stateForbids, .usageForbids, .unsupported, .conflict]

    /// The additional failures of the use of a version that the request names.
    static let ofVersionUses = ofUses.union([.versionNotFound])

    /// The additional failures of decryption.
    static let ofDecryption = ofUses.union([.decryptionFailed, .versionNotFound])

    /// The additional failures of a change of a key.
    static let ofChanges: Set<FailureCode> = [.keyNotFound, .stateForbids, .conflict]

    /// The additional failures of an operation that may need approvals.
    static let ofGuarded: Set<FailureCode> = [.approvalNotFound, .approvalRequired, .approvalInvalid, .conflict]
}
