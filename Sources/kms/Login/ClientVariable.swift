import FoundationEssentials

/// The variables of the client commands.
enum ClientVariable: String, CaseIterable {
    case url = "KMS_URL"
    case tokenFile = "KMS_TOKEN_FILE"
    case project = "KMS_PROJECT"
    case ca = "KMS_CA"
    case clientCertificate = "KMS_CLIENT_CERTIFICATE"
    case clientKey = "KMS_CLIENT_KEY"
    case context = "KMS_CONTEXT"

    /// Returns the value; nil if the variable is not set.
    ///
    /// - Throws: a ``Failure`` for an empty value, which is usually a mistake in a script.
    func value() throws(Failure) -> String? {
        guard let value = ProcessInfo.processInfo.environment[rawValue] else { return nil }
        guard !value.isEmpty else {
            throw Failure(.configuration, "the variable \(rawValue) is empty; set it to \(meaning), or unset it")
        }
        return value
    }

    private var meaning: String {
        switch self {
        case .url: "the address of the service"
        case .tokenFile: "the path of the token file"
        case .project: "the name of a project"
        case .ca: "the path of a PEM file with trusted authorities"
        case .clientCertificate: "the path of a certificate in PEM"
        case .clientKey: "the path of a private key in PEM"
        case .context: "the name of a context"
        }
    }
}
