import KeyManagement

extension AWSCall {
    /// Returns the failure by which AWS KMS would report an error of the service.
    func failure(_ error: KMSError, about reference: KeyReference?) async -> AWSFailure {
        switch error {
        case .keyDisabled, .keyPendingDeletion, .stateForbids, .usageForbids:
            let key = await known(reference)
            return Self.failure(error, of: key, shown: shown(reference, key), operation)
        case .keyNotFound(let reference): return .notFound(notFound(reference))
        case .aliasNotFound(let name): return .notFound("Alias \(place.arn(alias: name.text)) is not found.")
        case .keyNameTaken(let name):
            return AWSFailure(
                "AlreadyExistsException", "An alias with the name \(place.arn(alias: name.text)) already exists")
        case .subjectNotFound(let subject) where operation == .createGrant:
            return AWSFailure("InvalidArnException", "\(place.arn(subject)) does not exist.")
        case .groupNotFound(let group) where operation == .createGrant:
            return AWSFailure("InvalidArnException", "\(place.arn(group)) does not exist.")
        case .subjectNotFound where Self.takePolicies.contains(operation),
            .groupNotFound where Self.takePolicies.contains(operation):
            return PolicyDocument.invalidPrincipals
        case .accessDenied(let reason): return denied(shown(reference, await known(reference)), reason)
        default: return Self.failure(error)
        }
    }

    private static let takePolicies: Set<OperationName> = [.createKey, .putKeyPolicy]

    private func known(_ reference: KeyReference?) async -> KeyRecord? {
        guard let reference else { return nil }
        return try? await look(at: reference)
    }

    private func shown(_ reference: KeyReference?, _ key: KeyRecord?) -> String {
        switch (key, reference) {
        case (let key?, _): place.arn(key.id)
        case (nil, .id(let id)?): place.arn(id)
        case (nil, .name(let name)?): place.arn(alias: name.text)
        case (nil, nil): "*"
        }
    }

    private func notFound(_ reference: KeyReference) -> String {
        switch reference {
        case .id(let id): "Key '\(place.arn(id))' does not exist"
        case .name(let name): "Alias \(place.arn(alias: name.text)) is not found."
        }
    }

    private func denied(_ resource: String, _ reason: String) -> AWSFailure {
        let cause =
            reason.utf8.starts(with: AccessPolicy.denialByPolicy.utf8)
            ? "with an explicit deny in a resource-based policy"
            : "because no resource-based policy, role or grant allows the kms:\(operation) action"
        return AWSFailure(
            "AccessDeniedException",
            "User: \(place.arn(caller.subject)) is not authorized to perform: kms:\(operation) on resource: "
                + "\(resource) \(cause)")
    }

    private static func failure(
        _ error: KMSError, of key: KeyRecord?, shown arn: String, _ operation: OperationName
    ) -> AWSFailure {
        switch error {
        case .keyDisabled: return AWSFailure("DisabledException", "\(arn) is disabled.")
        case .keyPendingDeletion: return .invalidState("\(arn) is pending deletion.")
        case .usageForbids(let what):
            guard let key else { return AWSFailure("InvalidKeyUsageException", what) }
            return AWSFailure(
                "InvalidKeyUsageException",
                "\(arn) key usage is \(key.usage.awsName) which is not valid for \(operation).")
        default:
            guard key?.isPendingImport != true else { return .invalidState("\(arn) is pending import.") }
            return .invalidState(error.message)
        }
    }

    /// Returns the failure for an error that is not about a key.
    static func failure(_ error: KMSError) -> AWSFailure {
        switch error {
        case .invalidRequest(let what): .validation(what)
        case .projectRequired: .validation(error.message)
        case .invalidCursor: AWSFailure("InvalidMarkerException", "Could not deserialize marker")
        case .unauthenticated:
            AWSFailure("UnrecognizedClientException", "The security token included in the request is invalid.")
        case .approvalRequired, .approvalInvalid, .approvalNotFound, .accessDenied:
            AWSFailure("AccessDeniedException", error.message)
        case .versionNotFound, .projectNotFound, .subjectNotFound, .groupNotFound, .grantNotFound, .keyNotFound,
            .aliasNotFound, .credentialNotFound, .accessKeyNotFound, .rootNotFound:
            .notFound(error.message)
        case .importJobNotFound: AWSFailure("ExpiredImportTokenException", "The import token has expired.")
        case .keyNameTaken, .nameTaken: AWSFailure("AlreadyExistsException", error.message)
        case .stateForbids, .keyDisabled, .keyPendingDeletion, .idempotencyMismatch: .invalidState(error.message)
        case .usageForbids: AWSFailure("InvalidKeyUsageException", error.message)
        case .limitReached: AWSFailure("LimitExceededException", error.message)
        case .materialDiffers: AWSFailure("IncorrectKeyMaterialException", error.message)
        case .materialRejected, .decryptionFailed: .invalidCiphertext
        case .unsupported: .unsupported(error.message)
        case .rateLimited, .tooManyFailures: AWSFailure("ThrottlingException", "Rate exceeded")
        case .conflict, .busy: AWSFailure("DependencyTimeoutException", status: 500, error.message)
        case .tokenUnavailable: AWSFailure("KeyUnavailableException", status: 500, error.message)
        case .recordTampered, .storeUnavailable, .auditUnavailable, .internalFailure:
            AWSFailure("KMSInternalException", status: 500, error.message)
        }
    }
}

extension KeyRecord {
    /// True if a key of imported material has no material at the moment.
    var isPendingImport: Bool { origin == .imported && (state == .preActivation || state == .destroyed) }
}
