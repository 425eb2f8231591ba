import KeyManagement

// The failures that operations of a kind have in common.

extension FailureCode {
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
