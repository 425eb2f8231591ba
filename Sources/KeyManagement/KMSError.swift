/// A failure of the service. Each case has a code that never changes; the message tells the caller what to do.
package enum KMSError: Error, Hashable, Sendable {
    case invalidRequest(String)
    /// The text presented as a cursor is not one, or is the cursor of another list.
    case invalidCursor
    /// The request has no credential, or an unknown one. The caller is not told which.
    /// Neither the credential nor the request names a project.
    case projectRequired
    case unauthenticated
    case accessDenied(reason: String)
    case keyNotFound(KeyReference)
    case versionNotFound(VersionNumber)
    case aliasNotFound(KeyName)
    case importJobNotFound(ImportJobID)
    case projectNotFound(ProjectID)
    case subjectNotFound(SubjectID)
    case groupNotFound(GroupID)
    case credentialNotFound(CredentialID)
    case accessKeyNotFound(AccessKeyID)
    case rootNotFound(RootEpoch)
    case approvalNotFound(ApprovalID)
    case grantNotFound(GrantID)
    /// The operation needs the approval of other subjects, and it was requested.
    ///
    /// - Parameter of: the required numbers of approvals and the approvers.
    case approvalRequired(ApprovalID, String)
    /// The approval that the request names does not allow it.
    case approvalInvalid(String)
    case keyNameTaken(KeyName)
    /// A project, subject or group of this name exists or existed.
    case nameTaken(String)
    /// Concurrent changes of the same record were stored first, repeatedly.
    case conflict
    /// The state of the key or of the version does not allow it.
    case stateForbids(String)
    case keyDisabled(KeyName)
    case keyPendingDeletion(KeyName)
    /// The maximum number of items is reached.
    case limitReached(String)
    /// The usage or the algorithm of the key does not allow it.
    case usageForbids(String)
    /// Another request was sent under the same idempotency key before.
    case idempotencyMismatch
    /// The imported material is not that of the version.
    case materialDiffers(VersionNumber)
    /// The imported material does not unwrap, or is not a key of the algorithm. The caller is not told which.
    case materialRejected
    /// The ciphertext is not authentic. All causes look the same, so that the caller does not learn which it is.
    case decryptionFailed
    /// A stored record is not as it was sealed.
    case recordTampered(String)
    case unsupported(String)
    /// The service has too much work at the moment.
    case busy(String)
    /// The caller, or its project, exceeds its rate limit.
    case rateLimited(retryAfter: Duration)
    /// Too many attempts with wrong credentials came from the caller's address.
    case tooManyFailures(retryAfter: Duration)
    case tokenUnavailable(String)
    case storeUnavailable(String)
    /// The audit log cannot be written, and the service does nothing that it cannot record.
    case auditUnavailable(String)
    /// An unexpected failure. The message is for the log, not for the caller.
    case internalFailure(String)

    /// The stable code of the API and of the CLI.
    package var code: FailureCode {
        switch self {
        case .invalidRequest, .invalidCursor: .invalidRequest
        case .projectRequired: .projectRequired
        case .unauthenticated: .unauthenticated
        case .accessDenied: .accessDenied
        case .keyNotFound: .keyNotFound
        case .versionNotFound: .versionNotFound
        case .aliasNotFound: .aliasNotFound
        case .importJobNotFound: .importJobNotFound
        case .projectNotFound: .projectNotFound
        case .subjectNotFound: .subjectNotFound
        case .groupNotFound: .groupNotFound
        case .credentialNotFound: .credentialNotFound
        case .accessKeyNotFound: .accessKeyNotFound
        case .rootNotFound: .rootNotFound
        case .approvalNotFound: .approvalNotFound
        case .grantNotFound: .grantNotFound
        case .limitReached: .limitReached
        case .approvalRequired: .approvalRequired
        case .approvalInvalid: .approvalInvalid
        case .keyNameTaken: .keyNameTaken
        case .nameTaken: .nameTaken
        case .conflict: .conflict
        case .stateForbids, .keyDisabled, .keyPendingDeletion: .stateForbids
        case .usageForbids: .usageForbids
        case .idempotencyMismatch: .idempotencyMismatch
        case .materialDiffers: .materialDiffers
        case .materialRejected: .materialRejected
        case .decryptionFailed: .decryptionFailed
        case .recordTampered: .recordTampered
        case .unsupported: .unsupported
        case .busy: .busy
        case .rateLimited: .rateLimited
        case .tooManyFailures: .tooManyFailures
        case .tokenUnavailable: .tokenUnavailable
        case .storeUnavailable: .storeUnavailable
        case .auditUnavailable: .auditUnavailable
        case .internalFailure: .internalFailure
        }
    }

    /// The message for the caller. It contains no secrets and no internal details.
    package var message: String {
        switch self {
        case .invalidRequest(let what): what
        case .invalidCursor: "the cursor is invalid for this list or caller; read the list from its start"
        case .projectRequired: "the request names no project, and its credential is not bound to one"
        case .unauthenticated: "a valid credential is required: X-Auth-Token or Authorization: Bearer"
        case .accessDenied(let reason): reason
        case .keyNotFound(let key): "no key '\(key)' in this project"
        case .versionNotFound(let number): "the key has no version \(number)"
        case .aliasNotFound(let name): "no alias '\(name)' in this project"
        case .importJobNotFound(let id): "no import job \(id) in this project; it may have expired"
        case .projectNotFound(let id): "no project '\(id)'"
        case .subjectNotFound(let id): "no subject '\(id)'"
        case .groupNotFound(let id): "no group '\(id)'"
        case .credentialNotFound(let id): "no credential \(id)"
        case .accessKeyNotFound(let id): "no access key \(id)"
        case .approvalNotFound(let id): "no approval \(id)"
        case .grantNotFound(let id): "the key has no grant \(id)"
        case .limitReached(let what): what
        case .keyDisabled(let name): "key '\(name)' is disabled; enable it with 'kms key enable \(name)'"
        case .keyPendingDeletion(let name):
            "key '\(name)' is pending deletion; cancel that with 'kms key cancel-deletion \(name)'"
        case .approvalRequired(let id, let whose):
            "this needs the approval of \(whose), requested as \(id); once it is approved, repeat the request with that approval"
        case .approvalInvalid(let what): what
        case .rootNotFound(let epoch): "no root epoch \(epoch)"
        case .nameTaken(let name): "the name '\(name)' is in use or was used before; names are never reused"
        case .keyNameTaken(let name): "the project already has a key or an alias named '\(name)'"
        case .conflict: "another request changed the key at the same time; read it and try again"
        case .stateForbids(let what): what
        case .usageForbids(let what): what
        case .idempotencyMismatch: "another request was sent with this idempotency key; use a new one"
        case .materialDiffers(let number): "the material differs from the original material of version \(number)"
        case .materialRejected: "the material cannot be unwrapped under this import job as a key of this algorithm"
        case .decryptionFailed: "the ciphertext cannot be decrypted with this key and this encryption context"
        case .recordTampered(let record):
            "the stored record of \(record) is not what was sealed: it was changed outside the service; tell the operator"
        case .unsupported(let what): what
        case .busy: "the service is busy; try again"
        case .rateLimited: "the rate limit of the caller or of its project is exceeded; try again later"
        case .tooManyFailures: "too many attempts with invalid credentials from this address; try again later"
        case .tokenUnavailable: "the token is unavailable; try again"
        case .storeUnavailable: "the store is unavailable; try again"
        case .auditUnavailable: "the audit log cannot be written, so the service performs nothing; try again"
        case .internalFailure: "internal failure; the service's log has the cause under this request id"
        }
    }

    /// The detail for the log, in addition to the code, where the caller's message omits it.
    package var logDetail: String {
        switch self {
        case .busy(let what), .tokenUnavailable(let what), .storeUnavailable(let what), .auditUnavailable(let what),
            .internalFailure(let what):
            what
        default: message
        }
    }
}
