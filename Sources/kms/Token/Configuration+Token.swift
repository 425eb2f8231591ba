import KeyManagement
import Logging
import PKCS11
import TokenPKCS11
import TokenProcess

extension Configuration {
    /// Opens the configured token; with replicas, all of them as one.
    ///
    /// - Throws: `TokenOpenError` or `TokenProcessError`.
    func openToken(logger: Logger) async throws -> any ServedToken {
        guard !replicas.isEmpty else { return try await openToken(token.uri, logger: logger) }
        let candidates = ([token.uri] + replicas).map { uri in
            TokenGroup.Candidate(
                name: "\(uri)",
                open: {
                    let token = try await openToken(uri, logger: logger)
                    return TokenGroup.OpenToken(token) { await token.close() }
                },
                isFinal: { ($0 as? TokenOpenError)?.endsAttempts ?? ($0 as? TokenProcessError)?.isFinal ?? false })
        }
        return try await TokenGroup.open(candidates, logger: logger)
    }

    private func openToken(_ uri: PKCS11URI, logger: Logger) async throws -> any ServedToken {
        switch isolation {
        case .none:
            var configuration = token
            configuration.uri = uri
            return try await PKCS11Token.open(configuration, logger: logger)
        case .process: return try await RemoteToken.open(try tokenProcess(for: uri), logger: logger)
        }
    }

    private func tokenProcess(for uri: PKCS11URI) throws(Failure) -> TokenProcessConfiguration {
        guard uri.pinSource?.hasPrefix("fd:") != true else {
            throw Failure(
                .configuration,
                "token.isolation is process, so each new process has to read the PIN: use pin-source=file:PATH, not a descriptor"
            )
        }
        return TokenProcessConfiguration(
            program: "/proc/self/exe", arguments: ["token-process"],
            environment: tokenEnvironment.merging([Setting.tokenURI.environmentName: "\(uri)"]) { $1 },
            deadline: token.deadline, generationDeadline: token.generationDeadline,
            queueLimit: token.queueLimit + token.generationQueueLimit)
    }
}
