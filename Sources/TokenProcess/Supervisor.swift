internal import KeyManagement
internal import Logging
internal import Synchronization
internal import ThreadExecutor

/// Keeps a process that has the token: starts it, listens to it, and starts another one after it ended.
final class Supervisor: Sendable {
    private enum Condition: Sendable {
        case up(TokenChild)
        case down(reason: String)
        /// Not restarted, for example after a refused PIN.
        case ended(reason: String)
        case closed
    }

    /// A process that has opened the token, and the task that ends with it.
    private struct StartedProcess {
        let child: TokenChild
        let description: TokenDescription
        let end: Task<String, Never>
    }

    private let condition: Monitor<Condition>
    private let configuration: TokenProcessConfiguration
    private let description: TokenDescription
    private let logger: Logger
    /// The token's identity as last known.
    private let known: Mutex<TokenIdentity>
    /// True while the supervising task runs.
    private let isSupervised = Monitor(true)

    /// Starts the first process, and returns when it has opened the token.
    static func start(
        _ configuration: TokenProcessConfiguration, logger: Logger
    ) async throws(TokenProcessError) -> (Supervisor, TokenDescription) {
        let first = try await open(configuration, proof: nil)
        return (Supervisor(configuration, first, logger), first.description)
    }

    private init(_ configuration: TokenProcessConfiguration, _ first: StartedProcess, _ logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        description = first.description
        known = Mutex(first.description.identity)
        condition = Monitor(.up(first.child))
        note(first)
        NamedThread.start("token-watch") { [self] in watch() }
        Task { [self] in
            await supervise(first.end)
            isSupervised.withLock { $0 = false }
            isSupervised.wakeAll()
        }
    }

    /// Returns the process that has the token.
    func child() throws(TokenError) -> TokenChild {
        switch condition.withLock({ $0 }) {
        case .up(let child): return child
        case .down(let reason): throw .unavailable("the token's process is started anew: \(reason)")
        case .ended(let reason): throw .unavailable("the token's process is not started again: \(reason)")
        case .closed: throw .unavailable("the token is being closed")
        }
    }

    var identity: TokenIdentity { known.withLock { $0 } }

    func note(_ identity: TokenIdentity) { known.withLock { $0 = identity } }

    var processID: Int32? {
        if case .up(let child) = condition.withLock({ $0 }) { child.process.processID } else { nil }
    }

    /// Ends the process and waits for its end.
    func close() async {
        let last: TokenChild? = condition.withLock { condition in
            defer { condition = .closed }
            return if case .up(let child) = condition { child } else { nil }
        }
        condition.wakeAll()
        last?.process.hangUp()
        let (isSupervised, patience) = (isSupervised, configuration.startDeadline)
        await onOwnThread("token-close") { _ = isSupervised.wait(atMost: patience) { $0 ? nil : true } }
    }

    // MARK: Starting

    /// Starts a process and has it open the token.
    private static func open(
        _ configuration: TokenProcessConfiguration, proof: [UInt8]?
    ) async throws(TokenProcessError) -> StartedProcess {
        let child = TokenChild(try SpawnedProcess(configuration))
        let end = Task { await child.listen() }
        // The process is not watched yet, so the timer enforces its deadline by killing it.
        let timer = Task {
            try await Task.sleep(for: configuration.startDeadline)
            child.process.kill()
        }
        defer { timer.cancel() }
        let result: Result<TokenDescription, TokenProcessError>
        do throws(TokenError) {
            result = try await child.ask(.start, by: .now + configuration.startDeadline) { writer in
                writer.put(proof) { [writer] in writer.put($0) }
            } _: { (reader) throws(WireError) in
                try reader.opening()
            }
        } catch {
            child.process.kill()
            throw TokenProcessError("the token's process did not open the token: \(await end.value)")
        }
        switch result {
        case .success(let description): return StartedProcess(child: child, description: description, end: end)
        case .failure(let error):
            child.process.hangUp()
            _ = await end.value
            throw error
        }
    }

    private func note(_ opened: StartedProcess) {
        logger.info(
            "token process started",
            metadata: [
                "pid": "\(opened.child.process.processID)", "confinement": "\(opened.description.confinement)",
            ])
    }

    // MARK: Watching

    /// Waits for the end of each process, and starts the next one.
    private func supervise(_ firstEnd: Task<String, Never>) async {
        var end = firstEnd
        while true {
            let how = await end.value
            guard fall(how) else { return }
            logger.error("token process ended", metadata: ["reason": "\(how)"])
            guard let next = await restart() else { return }
            end = next
        }
    }

    /// - Returns: false if the process was meant to end.
    private func fall(_ reason: String) -> Bool {
        condition.withLock { condition in
            guard case .up = condition else { return false }
            condition = .down(reason: reason)
            return true
        }
    }

    private func restart() async -> Task<String, Never>? {
        var backoff = Backoff()
        while case .down = condition.withLock({ $0 }) {
            do throws(TokenProcessError) {
                let opened = try await Self.open(configuration, proof: description.proof)
                if rise(opened) {
                    note(opened)
                    return opened.end
                }
                opened.child.process.hangUp()
                _ = await opened.end.value
                try? await Task.sleep(for: backoff.next())
            } catch {
                fail(error)
                if !error.isFinal { try? await Task.sleep(for: backoff.next()) }
            }
        }
        return nil
    }

    /// - Returns: false if the process is no longer wanted.
    private func rise(_ opened: StartedProcess) -> Bool {
        guard opened.description.identity.continues(identity) else {
            fail(TokenProcessError("the token, or its root keys, are not those that the service started with"))
            return false
        }
        note(opened.description.identity)
        return condition.withLock { condition in
            guard case .down = condition else { return false }
            condition = .up(opened.child)
            return true
        }
    }

    private func fail(_ error: TokenProcessError) {
        condition.withLock { condition in
            guard case .down = condition else { return }
            condition = error.isFinal ? .ended(reason: error.description) : .down(reason: error.description)
        }
        logger.log(
            level: error.isFinal ? .critical : .warning, "token process not started",
            metadata: ["reason": "\(error)", "again": "\(!error.isFinal)"])
    }

    /// Answers requests whose deadlines have passed, 20 times per second, and ends a process that no longer answers.
    private func watch() {
        var lastPing = ContinuousClock.now
        let late = TokenError.busy("the token did not answer within \(configuration.deadline)")
        while true {
            let isOver = condition.wait(atMost: .milliseconds(50)) { condition in
                if case .closed = condition { true } else { nil }
            }
            if isOver == true { return }
            guard case .up(let child) = condition.withLock({ $0 }) else { continue }
            let now = ContinuousClock.now
            let lateness = child.answerTheLate(at: now, late)
            if max(lateness.silence, lateness.overdue) > configuration.silenceLimit {
                logger.error(
                    "the token's process does not answer and is ended",
                    metadata: [
                        "pid": "\(child.process.processID)", "silence": "\(lateness.silence)",
                        "overdue": "\(lateness.overdue)",
                    ])
                child.process.kill()
            }
            if now - lastPing > .seconds(1) {
                lastPing = now
                child.ping()
            }
        }
    }
}
