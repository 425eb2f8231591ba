import ArgumentParser
import KMSClient
import KeyManagement
import TokenPKCS11
import TokenProcess

/// The reason why a command failed, with the exit code of the process.
struct Failure: Error, CustomStringConvertible {
    /// The documented exit codes.
    enum Code: Int32 {
        case other = 1
        case configuration = 2
        case token = 3
        case store = 4
        case unreachable = 5
        case access = 6
        case notFound = 7
        case conflict = 8
        case input = 9
        case busy = 10
        /// A signature, an HMAC or a signed document is not valid.
        case invalid = 11
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: TokenOpenError) {
        self.init(.token, "\(error)")
    }

    init(_ error: KMSError) {
        self.init(Code(error.code), error.logDetail)
    }
}

extension Failure.Code {
    /// Returns the exit code for a failure of the service.
    init(_ code: FailureCode) {
        self =
            switch code {
            case .unauthenticated, .accessDenied, .approvalRequired, .approvalInvalid: .access
            case .notFound, .keyNotFound, .versionNotFound, .aliasNotFound, .importJobNotFound, .projectNotFound,
                .subjectNotFound, .groupNotFound, .credentialNotFound, .accessKeyNotFound, .rootNotFound,
                .grantNotFound, .approvalNotFound:
                .notFound
            case .keyNameTaken, .nameTaken, .conflict, .stateForbids, .limitReached, .idempotencyMismatch: .conflict
            case .invalidRequest, .projectRequired, .decryptionFailed, .payloadTooLarge, .unsupported, .usageForbids,
                .materialRejected,
                .materialDiffers:
                .input
            case .busy, .rateLimited, .tooManyFailures: .busy
            case .tokenUnavailable: .token
            case .storeUnavailable, .auditUnavailable, .recordTampered: .store
            case .methodNotAllowed, .unsupportedMediaType, .headersTooLarge, .internalFailure: .other
            }
    }
}

extension AsyncParsableCommand {
    /// Runs a command's body. A failure is written to standard error in one line, and the process ends with its code.
    func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure {
            try await report(failure)
        } catch let error as TokenOpenError {
            try await report(Failure(error))
        } catch let error as TokenProcessError {
            try await report(Failure(.token, "\(error)"))
        } catch let error as KMSError {
            try await report(Failure(error))
        } catch let error as KMSClientError {
            try await report(Failure(error))
        } catch let other where !(other is ExitCode || other is CleanExit || other is ValidationError) {
            try await report(Failure(.other, "\(other)"))
        }
    }

    private func report(_ failure: Failure) async throws {
        // Text of a token, a database or a service must neither rewrite the terminal nor begin a line like one of this program's.
        let text = DisplayText.safeLines("\(failure)").replacing("\n", with: "\n     ")
        StandardError.write("kms: \(failure.code.word): \(text)\n")
        await StandardError.flush()
        throw ExitCode(failure.code.rawValue)
    }
}

extension Failure.Code {
    /// The word that follows `kms:` on standard error.
    var word: String {
        switch self {
        case .other: "failed"
        case .configuration: "configuration"
        case .token: "token"
        case .store: "store"
        case .unreachable: "unreachable"
        case .access: "access"
        case .notFound: "not found"
        case .conflict: "conflict"
        case .input: "input"
        case .busy: "busy"
        case .invalid: "not valid"
        }
    }
}
