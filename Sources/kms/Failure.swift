import ArgumentParser
import KeyManagement
import StoreSQLite
import TokenPKCS11
import TokenProcess

/// Why a command did not do what it was asked, and the code with which the process ends.
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
        self.init(Self.code(forAPICode: error.code), error.logDetail)
    }

    /// The exit code for a code of the API.
    static func code(forAPICode code: String) -> Code {
        switch code {
        case "UNAUTHENTICATED", "ACCESS_DENIED", "APPROVAL_REQUIRED", "APPROVAL_INVALID": .access
        case "KEY_NOT_FOUND", "VERSION_NOT_FOUND", "ALIAS_NOT_FOUND", "IMPORT_JOB_NOT_FOUND", "NOT_FOUND",
            "PROJECT_NOT_FOUND", "SUBJECT_NOT_FOUND", "GROUP_NOT_FOUND", "CREDENTIAL_NOT_FOUND", "ACCESS_KEY_NOT_FOUND",
            "ROOT_NOT_FOUND", "GRANT_NOT_FOUND",
            "APPROVAL_NOT_FOUND":
            .notFound
        case "KEY_NAME_TAKEN", "NAME_TAKEN", "CONFLICT", "STATE_FORBIDS", "LIMIT_REACHED", "IDEMPOTENCY_MISMATCH":
            .conflict
        case "INVALID_REQUEST", "DECRYPTION_FAILED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED", "USAGE_FORBIDS",
            "MATERIAL_REJECTED",
            "MATERIAL_DIFFERS":
            .input
        case "BUSY", "RATE_LIMITED", "TOO_MANY_FAILURES": .busy
        case "TOKEN_UNAVAILABLE": .token
        case "STORE_UNAVAILABLE", "AUDIT_UNAVAILABLE", "RECORD_TAMPERED": .store
        default: .other
        }
    }
}

extension AsyncParsableCommand {
    /// Runs a command's body; a failure goes to standard error in one line, and ends the process with its code.
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
        } catch let other where StandardError.isQueued && !(other is ExitCode) {
            // The parser of arguments would write it itself, and wait for the reader of standard error.
            try await report(Failure(.other, "\(other)"))
        }
    }

    private func report(_ failure: Failure) async throws {
        // A token's label or a database's text must not drive the operator's terminal.
        let text = String(String.UnicodeScalarView("\(failure)".unicodeScalars.map { Self.isControl($0) ? "?" : $0 }))
        StandardError.write("kms: \(failure.code.word): \(text)\n")
        await StandardError.flush()
        throw ExitCode(failure.code.rawValue)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar.properties.generalCategory == .control
    }
}

extension Failure.Code {
    /// What a line on standard error begins with.
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
        }
    }
}
