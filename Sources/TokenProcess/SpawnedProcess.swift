internal import Glibc
internal import Synchronization

/// A child process, and the socket between it and this process.
final class SpawnedProcess: Sendable {
    let processID: pid_t
    /// This process's end.
    let socket: OwnedDescriptor
    /// True if the child was waited for; its number may then belong to another process.
    private let isReaped = Mutex(false)
    /// True if the child was told that this process no longer talks to it.
    private let isDismissed = Mutex(false)

    init(_ configuration: TokenProcessConfiguration) throws(TokenProcessError) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Self.failure("no socket pair", errno) }
        let (own, others) = (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
        var size: Int32 = 1 << 20
        for end in ends {
            setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        processID = try Self.spawn(configuration, socket: others.number)
        socket = own
    }

    private static func spawn(
        _ configuration: TokenProcessConfiguration, socket: Int32
    ) throws(TokenProcessError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // The child writes its output to the service's standard error.
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        posix_spawn_file_actions_adddup2(&actions, socket, TokenProcessConfiguration.descriptor)
        // All other descriptors are marked close-on-exec by the code that opens them. Closing them in the child would hit those
        // of its own runtime.

        // Owned by this function and freed on return; the child has copies by then.
        let texts = [configuration.name] + configuration.arguments
        var argv: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = configuration.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var identifier = pid_t()
        let status = posix_spawn(&identifier, configuration.program, &actions, nil, &argv, &envp)
        guard status == 0 else { throw failure("\(configuration.program) cannot be started", status) }
        return identifier
    }

    /// Kills the process, if it has not ended.
    func kill() {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Glibc.kill(processID, SIGKILL) }
        }
    }

    /// Ends the conversation, after which the process ends by itself.
    func hangUp() {
        isDismissed.withLock { $0 = true }
        socket.hangUp()
    }

    var wasDismissed: Bool { isDismissed.withLock { $0 } }

    /// Waits for the process's end and describes it. Must be called once.
    func wait() -> String {
        // Waits without reaping first, so that the process can be killed meanwhile.
        var info = siginfo_t()
        while waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        var status: Int32 = 0
        isReaped.withLock { isReaped in
            while waitpid(processID, &status, 0) < 0, errno == EINTR {}
            isReaped = true
        }
        let signal = status & 0x7F
        return signal == 0 ? "it ended with status \((status >> 8) & 0xFF)" : "it was ended by signal \(signal)"
    }

    /// Waits up to `timeout` for the end.
    ///
    /// - Returns: true if the process has ended.
    func hasEnded(within timeout: Duration) -> Bool {
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            var info = siginfo_t()
            if waitid(P_PID, id_t(processID), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo != 0 {
                return true
            }
            usleep(5000)
        }
        return false
    }

    private static func failure(_ what: String, _ error: Int32) -> TokenProcessError {
        TokenProcessError("the token's process: \(what): \(String(cString: strerror(error)))")
    }
}
