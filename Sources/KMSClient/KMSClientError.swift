/// The reason why a request has no answer.
public enum KMSClientError: Error, Sendable {
    /// The service refused the request.
    case refused(Refusal)
    /// The service cannot be reached, or did not answer in time. Whether it performed the request is unknown.
    case unreachable(ServiceAddress, cause: any Error)
    /// Something else than a KMS answers at the address.
    case notAKMS(ServiceAddress, status: UInt)
    /// The body of the request cannot be encoded.
    case unencodable(any Error)
    case invalidAddress(String)
    /// The address is plain HTTP to another host.
    case plaintextNetwork(String)
    /// The file is missing, or is not of its kind in PEM.
    case unreadableTLSFile(ClientTLS.File, path: String)
    /// The token is empty, cannot be read, or is not visible ASCII.
    case invalidCredential

    /// The service's account of a failure.
    public struct Refusal: Sendable, Hashable {
        /// The stable code. Decide by this.
        public let code: KMSErrorCode
        /// The message for people.
        public let message: String
        /// The id of the request, which the service's log and audit log also have.
        public let requestID: String
        /// The status of the HTTP response.
        public let status: UInt
    }

    /// The service's code; nil if the service did not answer.
    public var code: KMSErrorCode? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.code
    }

    /// The reason why the service cannot be reached; nil for another error.
    public var connectionProblem: ConnectionProblem? {
        guard case .unreachable(_, let cause) = self else { return nil }
        return ConnectionProblem(cause)
    }
}

extension KMSClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let refusal): "\(refusal.message) (\(refusal.code), request \(refusal.requestID))"
        case .unreachable(let address, let cause): "\(address) cannot be reached: \(ConnectionProblem(cause))"
        case .notAKMS(let address, let status):
            "the program at \(address) is not a key management service (HTTP status \(status)); check the address"
        case .unencodable(let error): "the request cannot be encoded as JSON: \(error)"
        case .invalidAddress(let text):
            "'\(text)' is not the address of a service, which is http://HOST:PORT or https://HOST:PORT"
        case .plaintextNetwork(let text):
            "\(text) is plain HTTP to another host, where the token and keys can be read on the way; use https"
        case .unreadableTLSFile(.key, let path): "\(path) does not contain a private key in PEM"
        case .unreadableTLSFile(_, let path): "\(path) does not contain a certificate in PEM"
        case .invalidCredential: "the credential does not contain a token"
        }
    }
}

/// A stable code of the service. A code never changes its meaning; later versions may add codes.
public struct KMSErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }
}
