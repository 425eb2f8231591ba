internal import FoundationEssentials
package import KeyManagement
package import Logging
internal import Synchronization
internal import SystemClock
internal import ThreadExecutor

/// The `Token` port on a token whose PKCS#11 module runs in a process of its own.
///
/// The module's memory, including the keys that SoftHSM keeps there, is separate from the memory of the process that faces the
/// network. If the module crashes or hangs, only its process is replaced, not the service. Requests without an answer then fail
/// as unavailable, which is retryable: every operation of the token takes effect only through its answer and leaves nothing
/// behind.
package final class RemoteToken: Token {
    package let description: TokenDescription
    let supervisor: Supervisor
    private let signatureCheck = SignatureCheck(capacity: 4096)
    private let verifiers: ThreadPool
    private let configuration: TokenProcessConfiguration

    /// Starts the process and returns when it has opened the token.
    package static func open(
        _ configuration: TokenProcessConfiguration, logger: Logger
    ) async throws(TokenProcessError) -> RemoteToken {
        let (supervisor, description) = try await Supervisor.start(configuration, logger: logger)
        return RemoteToken(configuration, supervisor, description)
    }

    private init(
        _ configuration: TokenProcessConfiguration, _ supervisor: Supervisor, _ description: TokenDescription
    ) {
        self.configuration = configuration
        self.supervisor = supervisor
        self.description = description
        let threads = ProcessInfo.processInfo.activeProcessorCount
        verifiers = ThreadPool(name: "verify", threads: threads, queueLimit: configuration.queueLimit)
    }

    package var identity: TokenIdentity { supervisor.identity }
    package var algorithms: Set<KeyAlgorithm> { description.algorithms }
    package var agreementAlgorithms: Set<KeyAlgorithm> { description.agreementAlgorithms }
    package var importMethods: Set<ImportMethod> { description.importMethods }
    package var auditKey: PublicKeyInfo? { description.auditKey }

    /// The process that currently has the token; `nil` while there is none.
    package var processID: Int32? { supervisor.processID }

    /// Ends the process and waits for its end.
    package func close() async {
        await supervisor.close()
        await verifiers.stop()
    }

    /// Sends a call to the process, and checks its answer.
    ///
    /// - Parameters:
    ///   - call: the call to send.
    ///   - child: the process; by default the one that currently has the token.
    ///   - check: a further check of the answer, which runs on the thread that reads answers.
    func send<Call: WireCall>(
        _ call: Call, to child: TokenChild? = nil,
        and check: (@Sendable (Call.Answer) throws(TokenAnswerError) -> Void)? = nil
    ) async throws(TokenError) -> Call.Answer {
        let child = if let child { child } else { try supervisor.child() }
        return try await child.ask(
            .call(Call.tag), by: .now + limit(for: call.deadlineClass), limit: configuration.queueLimit
        ) {
            call.encode(to: $0)
        } _: { (reader) throws(WireError) in
            let answer = try call.readAnswer(from: &reader)
            try reader.check { () throws(TokenAnswerError) in
                try call.check(answer)
                try call.checkThoroughly(answer)
                try check?(answer)
            }
            return answer
        }
    }

    private func limit(for deadlineClass: DeadlineClass) -> Duration {
        let deadline =
            switch deadlineClass {
            case .operation: configuration.deadline
            case .generation: configuration.generationDeadline
            }
        // The process gives a better reason for its lateness, so it gets a little more time.
        return deadline + .milliseconds(200)
    }

    /// Verifies signatures that a process made. A process that signed wrongly is ended.
    func verify(_ signatures: [[UInt8]], of call: SignCall, madeBy child: TokenChild) async throws(TokenError) {
        guard let publicKey = call.key.publicKey else { return }
        let isGenuine: Bool
        do throws(ThreadPoolError) {
            isGenuine = try await verifiers.run(by: .now + configuration.deadline) { [signatureCheck] in
                signatureCheck.areGenuine(signatures, over: call.inputs, by: call.algorithm, with: publicKey)
            }
        } catch {
            throw .busy("signatures wait to be verified")
        }
        guard isGenuine else {
            child.end(because: "a signature that does not verify")
            throw .unavailable("the token's process made a signature that does not verify")
        }
    }
}
