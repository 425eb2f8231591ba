import KMSClient
import KeyManagement

extension Failure {
    /// The failure of a request to the service.
    init(_ error: KMSClientError) {
        switch error {
        case .refused(let refusal):
            let code = FailureCode(rawValue: refusal.code.rawValue).map(Code.init)
            self.init(code ?? .other, "\(error)")
        case .unreachable, .notAKMS: self.init(.unreachable, "\(error)")
        case .unencodable: self.init(.other, "\(error)")
        case .invalidAddress, .invalidCredential: self.init(.configuration, "\(error)")
        case .plaintextNetwork: self.init(.configuration, "\(error), or say --allow-plaintext-network")
        case .unreadableTLSFile(.authorities, _): self.init(.configuration, "--ca: \(error)")
        case .unreadableTLSFile(.certificate, _): self.init(.configuration, "--client-certificate: \(error)")
        case .unreadableTLSFile(.key, _): self.init(.configuration, "--client-key: \(error)")
        }
    }
}
