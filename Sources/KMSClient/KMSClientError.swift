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
}

extension KMSClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let refusal): "\(refusal.message) (\(refusal.code), request \(refusal.requestID))"
        case .unreachable(let address, let cause): "\(address) cannot be reached: \(cause)"
        case .notAKMS(let address, let status):
            "\(address) does not answer as a KMS (HTTP status \(status)): is the address right?"
        case .unencodable(let error): "the request cannot be encoded as JSON: \(error)"
        case .invalidAddress(let text):
            "'\(text)' is no address of a service; it is http://HOST:PORT or https://HOST:PORT"
        case .plaintextNetwork(let text):
            "\(text) is plain HTTP to another host: the token and keys could be read on the way. Use https"
        case .unreadableTLSFile(.key, let path): "\(path) has no private key in PEM that can be read"
        case .unreadableTLSFile(_, let path): "\(path) has no certificate in PEM that can be read"
        case .invalidCredential: "the credential has no token in it"
        }
    }
}

/// A stable code of the service. A code never changes its meaning; later versions may add codes.
public struct KMSErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }
}
