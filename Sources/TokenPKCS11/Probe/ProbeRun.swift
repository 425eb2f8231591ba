internal import KeyManagement
internal import PKCS11

/// The state of a probe: a session, the lines written so far, and the throw-away objects to destroy.
struct ProbeRun: ~Copyable {
    let session: OwnedSession
    private(set) var lines: [ProbeReport.Line] = []
    private var scraps: [ObjectHandle] = []

    init(session: OwnedSession) {
        self.session = session
    }

    deinit {
        // An object that cannot be destroyed disappears with the session.
        for scrap in scraps { try? session.session.destroyObject(scrap) }
    }

    mutating func discardLater(_ handle: ObjectHandle) -> ObjectHandle {
        scraps.append(handle)
        return handle
    }

    /// Tries an operation that must work. Returns its result, or nil if it failed.
    mutating func expect<Result>(
        _ group: String, _ operation: String, isRequired: Bool = true,
        _ body: (borrowing Session) throws -> Result, detail: (Result) -> String = { _ in "" }
    ) -> Result? {
        do {
            let result = try body(session.session)
            note(group, operation, .passed(detail(result)), isRequired)
            return result
        } catch {
            note(group, operation, .failed("\(error)"), isRequired)
            return nil
        }
    }

    /// Tries an operation that must be refused.
    mutating func expectRefusal(
        _ group: String, _ operation: String, isRequired: Bool = true,
        _ body: (borrowing Session) throws(PKCS11Error) -> Void
    ) {
        do throws(PKCS11Error) {
            try body(session.session)
            note(group, operation, .failed("was not refused"), isRequired)
        } catch {
            note(group, operation, Self.outcome(of: error), isRequired)
        }
    }

    /// Classifies an error. A refusal is the token's answer to the request; a request that did not reach the key is not refused.
    private static func outcome(of error: PKCS11Error) -> ProbeReport.Outcome {
        guard case .returned(let code, from: let function) = error, !failures.contains(code) else {
            return .failed("could not be tried: \(error)")
        }
        // A token without the function always refuses it.
        return .refused(code == .functionNotSupported ? "\(function.rawValue) is not supported" : "\(code)")
    }

    private static let failures: Set<ReturnValue> = [
        .cryptokiNotInitialized, .deviceError, .deviceMemory, .deviceRemoved, .hostMemory, .mechanismInvalid,
        .mechanismParamInvalid, .argumentsBad, .sessionClosed, .sessionHandleInvalid, .tokenNotPresent,
        .userNotLoggedIn, .objectHandleInvalid, .keyHandleInvalid,
    ]

    /// Inserts lines that were written elsewhere.
    mutating func insert(_ others: [ProbeReport.Line], at place: Int) {
        lines.insert(contentsOf: others, at: place)
    }

    mutating func note(_ group: String, _ operation: String, _ outcome: ProbeReport.Outcome, _ isRequired: Bool) {
        lines.append(
            ProbeReport.Line(group: group, operation: operation, outcome: outcome, isRequired: isRequired))
    }
}

/// The reason why a step of a probe failed although every call succeeded.
struct ProbeFinding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
