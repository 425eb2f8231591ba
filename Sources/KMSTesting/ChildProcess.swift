package import Glibc

/// Another program, started with its standard streams on files, so that no pipe can fill up and block it.
///
/// Foundation's `Process` is not used. On Linux it copies 256 bytes for the name of each open descriptor, even if its buffer
/// has less left. A test process with about 1,300 descriptors crashes.
package struct ChildProcess: Sendable {
    package let processID: pid_t

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the path of the program; it is not searched for.
    ///   - arguments: the arguments, without the program's name.
    ///   - environment: the complete environment of the program.
    ///   - input: the file for its standard input.
    ///   - output: the file for its standard output; it is created or truncated.
    ///   - errors: the file for its standard error; may be the same path.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String], input: String = "/dev/null",
        output: String = "/dev/null", errors: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if output == errors {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        // Owned by this function, freed when it returns; the child has copies by then.
        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var identifier = pid_t()
        let status = posix_spawn(&identifier, path, &actions, nil, &argv, &envp)
        guard status == 0 else { throw SpawnFailure(path: path, error: status) }
        processID = identifier
    }

    /// Waits for the end, blocking the calling thread, and returns the exit status, or the signal as a negative number. Call it
    /// once.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// True while the program runs; false once it has ended.
    package var isRunning: Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(processID), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
        return info.si_signo == 0
    }

    package func signal(_ number: Int32) {
        kill(processID, number)
    }

    /// Runs a program to its end and returns its exit status and its output on both streams.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String]
    ) throws -> (status: Int32, output: [UInt8]) {
        var template = Array("/tmp/hsm-kms-output-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpawnFailure(path: path, error: errno) }
        close(descriptor)
        let file = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(file) }
        let child = try ChildProcess(path, arguments, environment: environment, output: file, errors: file)
        let status = child.wait()
        return (status, try read(file))
    }

    private static func read(_ file: String) throws -> [UInt8] {
        guard let stream = fopen(file, "r") else { throw SpawnFailure(path: file, error: errno) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&piece, 1, piece.count, stream), count > 0 { bytes += piece.prefix(count) }
        return bytes
    }
}

package struct SpawnFailure: Error {
    package let path: String
    package let error: Int32
}
