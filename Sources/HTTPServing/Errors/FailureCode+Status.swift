package import HTTPTypes
package import KeyManagement

extension FailureCode {
    /// The HTTP status of the answer to a failure.
    package var status: HTTPResponse.Status {
        switch self {
        case .invalidRequest, .projectRequired, .unsupported, .usageForbids, .decryptionFailed, .materialDiffers,
            .materialRejected:
            .badRequest
        case .unauthenticated: .unauthorized
        case .accessDenied, .approvalRequired, .approvalInvalid: .forbidden
        case .notFound, .keyNotFound, .versionNotFound, .aliasNotFound, .importJobNotFound, .projectNotFound,
            .subjectNotFound, .groupNotFound, .credentialNotFound, .accessKeyNotFound, .rootNotFound,
            .approvalNotFound, .grantNotFound:
            .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .keyNameTaken, .nameTaken, .conflict, .stateForbids, .limitReached: .conflict
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        // draft-ietf-httpapi-idempotency-key-header, section 2.7.
        case .idempotencyMismatch: .unprocessableContent
        // RFC 6585, section 4.
        case .rateLimited, .tooManyFailures: .tooManyRequests
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .recordTampered, .internalFailure: .internalServerError
        case .busy, .tokenUnavailable, .storeUnavailable, .auditUnavailable: .serviceUnavailable
        }
    }
}
