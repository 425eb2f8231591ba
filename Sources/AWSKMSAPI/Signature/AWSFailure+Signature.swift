package import KeyManagement

/// The failures by which AWS reports signatures.
extension AWSFailure {
    static let missingToken = AWSFailure("MissingAuthenticationTokenException", "Missing Authentication Token")

    static let unrecognizedClient = AWSFailure(
        "UnrecognizedClientException", "The security token included in the request is invalid.")

    static let signatureMismatch = AWSFailure.invalidSignature(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
            + "signing method. Consult the service documentation for details.")

    static let presigned = AWSFailure.incompleteSignature(
        "A signature in the query is not supported; it belongs into the Authorization header.")

    static func incompleteSignature(_ message: String) -> AWSFailure {
        AWSFailure("IncompleteSignatureException", message)
    }

    static func invalidSignature(_ message: String) -> AWSFailure { AWSFailure("InvalidSignatureException", message) }
}

extension SignedRequestError {
    /// The failure that AWS would answer with. The service's own errors are translated elsewhere; here they are an internal failure.
    package var awsFailure: AWSFailure {
        switch self {
        case .unknownAccessKey: .unrecognizedClient
        case .signatureMismatch: .signatureMismatch
        case .unknownRegion: .invalidSignature("Credential should be scoped to a valid region. ")
        case .service: AWSFailure("KMSInternalException", status: 500, nil)
        }
    }
}
