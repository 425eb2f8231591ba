import FoundationEssentials
import Glibc
import KMSClient
import KeyManagement

extension Failure {
    /// The failure of a request to the service.
    ///
    /// - Parameter isAnonymous: true if the request had no credential.
    init(_ error: KMSClientError, isAnonymous: Bool = false) {
        switch error {
        case .refused(let refusal): self.init(refusal, isAnonymous)
        case .unreachable:
            self.init(.unreachable, "\(error)" + (error.connectionProblem?.advice(error) ?? ""))
        case .notAKMS: self.init(.unreachable, "\(error) (--url, KMS_URL or the context)")
        case .unencodable: self.init(.other, "\(error)")
        case .invalidAddress, .invalidCredential: self.init(.configuration, "\(error)")
        case .plaintextNetwork: self.init(.configuration, "\(error), or pass --allow-plaintext-network")
        case .unreadableTLSFile(let file, let path):
            let option =
                switch file {
                case .authorities: "--ca"
                case .certificate: "--client-certificate"
                case .key: "--client-key"
                }
            guard let unreadable = Self.accessFailure(path) else {
                self.init(.configuration, "\(option): \(error)")
                return
            }
            self.init(.configuration, "\(option): \(unreadable)")
        }
    }

    /// The service's refusal in the words of the command line, by its stable code.
    private init(_ refusal: KMSClientError.Refusal, _ isAnonymous: Bool) {
        let known = FailureCode(rawValue: refusal.code.rawValue)
        let text: String =
            switch known {
            case .unauthenticated? where isAnonymous: "not logged in: set KMS_TOKEN_FILE or run 'kms login'"
            case .unauthenticated?:
                "the service does not accept this credential, which may be expired or revoked; "
                    + "run 'kms login', or replace the file of KMS_TOKEN_FILE"
            case .projectRequired?: "no project is selected: use --project, set KMS_PROJECT, or run 'kms context set'"
            case .approvalRequired?: "\(refusal.message): the same command with --approval and its id"
            default: refusal.message
            }
        self.init(
            known.map(Code.init) ?? .other, "\(text) (\(refusal.code), request \(refusal.requestID))")
    }

    /// Returns the reason why a file cannot be opened; nil if it can.
    private static func accessFailure(_ path: String) -> Failure? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .unreadable(path) }
        close(descriptor)
        return nil
    }
}

extension ConnectionProblem {
    /// The next step for the operator, appended to the failure; empty if there is none.
    fileprivate func advice(_ error: KMSClientError) -> String {
        guard case .unreachable(let address, _) = error else { return "" }
        return switch self {
        case .refused: "; start the service, or correct the address (--url, KMS_URL or the context)"
        case .timedOut: "; try again, or raise --timeout"
        case .unknownHost, .noRoute: "; correct the address (--url, KMS_URL or the context)"
        case .untrustedCertificate: "; name its authority with --ca or KMS_CA"
        case .wrongHostName: "; use the name in the certificate as the host"
        case .noTLS: "; use http:// in the address"
        case .clientCertificate: "; set --client-certificate and --client-key"
        case .closed where !address.isHTTPS: "; if it uses TLS, use https:// in the address"
        case .closed, .tls, .other: "; try again, and check that the address is the service's"
        }
    }
}
