import ArgumentParser
import FoundationEssentials
import Glibc
import KeyManagement
import Logging
import TokenPKCS11
import TokenProcess

/// The token's own process, started only by `kms serve`.
struct TokenProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token-process", abstract: "The process that has the PKCS#11 module; 'kms serve' starts it.",
        shouldDisplay: false)

    func run() async throws {
        // A signal from a terminal or a supervisor ends the service, which ends this process after the last answer.
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        guard let socket = TokenSocket.claim() else {
            throw ValidationError(
                "this is no command for people: 'kms serve' starts it when token.isolation is process")
        }
        await TokenServer.run(descriptor: socket) { (proof) throws(TokenProcessError) in
            try await Self.open(proof)
        }
        await StandardError.flush()
    }

    private static func open(_ proof: [UInt8]?) async throws(TokenProcessError) -> TokenServer.Opening {
        let configuration: Configuration
        do throws(Failure) {
            configuration = try Configuration(
                try Settings(file: nil, environment: ProcessInfo.processInfo.environment, flags: [:]))
        } catch {
            throw TokenProcessError("\(error)", isFinal: true)
        }
        let logger = LineLogHandler.servingLogger(configuration)
        let confinement: String
        do {
            // The service has already logged the outcome, so the level is debug.
            try configuration.process.apply(logger, level: .debug)
            confinement = try TokenConfinement.result()
        } catch {
            throw TokenProcessError("the token's process cannot be confined: \(error)", isFinal: true)
        }
        let token: PKCS11Token
        do throws(TokenOpenError) {
            token = try await PKCS11Token.open(configuration.token, proof: proof, logger: logger)
        } catch {
            throw TokenProcessError(error)
        }
        token.onHang { [weak token] in
            // If nothing else works either, a new process is better than one that hangs.
            guard let token, (try? await token.checkHealth()) != nil else {
                await StandardError.flush()
                _exit(Self.hangStatus)
            }
        }
        return TokenServer.Opening(
            token: token,
            description: TokenDescription(
                of: token, wrapMechanism: token.wrapMechanism, workerCount: token.workerCount, proof: token.proof,
                confinement: confinement),
            close: { await token.close() })
    }

    /// EX_SOFTWARE of sysexits.h.
    private static let hangStatus: Int32 = 70
}

extension TokenProcessError {
    init(_ error: TokenOpenError) {
        let mayBeAnotherToken =
            switch error {
            case .rootsMissing, .rootsHalf, .rootsUnfit, .tokenNotFound: true
            default: false
            }
        self.init("\(error)", isFinal: error.endsAttempts, mayBeAnotherToken: mayBeAnotherToken)
    }
}
