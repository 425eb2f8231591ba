import KeyManagement
import Logging
import PKCS11
import TokenPKCS11
import TokenProcess

/// A token as the service has it: in this process, or in one of its own.
protocol ServedToken: Token {
    var workerCount: Int { get }
    var wrapMechanism: WrapMechanism? { get }

    /// Takes it out of use.
    func close() async
}

extension PKCS11Token: ServedToken {
    var wrapMechanism: WrapMechanism? { probe.wrapMechanism }
}

extension RemoteToken: ServedToken {
    var workerCount: Int { description.workerCount }
    var wrapMechanism: WrapMechanism? { description.wrapMechanism }
}

/// Where the PKCS#11 module runs.
enum TokenIsolation: String, CaseIterable {
    /// In the process of the service.
    case none
    /// In a process of its own.
    case process
}

extension Configuration {
    /// Opens the token as the configuration says.
    ///
    /// - Throws: `TokenOpenError` or `TokenProcessError`.
    func openToken(logger: Logger) async throws -> any ServedToken {
        switch isolation {
        case .none: return try await PKCS11Token.open(token, logger: logger)
        case .process: return try await RemoteToken.open(try tokenProcess(), logger: logger)
        }
    }

    private func tokenProcess() throws(Failure) -> TokenProcessConfiguration {
        guard token.uri.pinSource?.hasPrefix("fd:") != true else {
            throw Failure(
                .configuration,
                "token.isolation is process, so each new process has to read the PIN: use pin-source=file:PATH, not a descriptor"
            )
        }
        return TokenProcessConfiguration(
            program: "/proc/self/exe", arguments: ["token-process"], environment: tokenEnvironment,
            deadline: token.deadline, generationDeadline: token.generationDeadline,
            queueLimit: token.queueLimit + token.generationQueueLimit)
    }
}
