internal import FoundationEssentials
internal import Glibc

/// A PostgreSQL server of Debian's package, in a folder of its own and on a Unix socket only. It runs as an unprivileged user and ends
/// with this process, however that ends.
package final class PostgresServer: Sendable {
    /// The server that the suites of a test process share, each with databases of its own.
    package static let shared = Result { try PostgresServer("shared") }

    /// The folder of the socket and of the database files.
    package let folder: String
    private let settings: [String]

    /// The folder of the programs in Debian's packages.
    private static let programs = "/usr/lib/postgresql/15/bin"

    /// Makes the files of a server, starts it, and waits until it answers.
    ///
    /// - Parameters:
    ///   - name: a name that no other server of this process has.
    ///   - settings: further settings, each as `name=value`.
    package init(_ name: String, settings: [String] = []) throws {
        // Not the process's own temporary folder, which another user may not enter.
        folder = "/tmp/hsm-kms-postgres-\(getpid())-\(name)"
        self.settings = settings
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if getuid() == 0 {
            guard let user = getpwnam("postgres") else { throw PostgresServerFailure("there is no user postgres") }
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try Self.run(
            ["\(Self.programs)/initdb", "--pgdata=\(folder)/data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"])
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the server again after ``stop(_:)``.
    package func start() throws {
        let options = (["listen_addresses=", "unix_socket_directories=\(folder)", "max_connections=200"] + settings)
            .flatMap { ["-c", $0] }
        // The shell stops the server when this process is gone.
        let guardian = """
            owner=$1; shift
            "$@" &
            server=$!
            while kill -0 "$owner" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.3; done
            kill -QUIT $server 2>/dev/null
            wait $server
            """
        _ = try ChildProcess(
            "/bin/bash",
            ["-c", guardian, "guardian", "\(getpid())"]
                + Self.unprivileged(["\(Self.programs)/postgres", "-D", "\(folder)/data"] + options),
            environment: Self.environment, output: "\(folder).log", errors: "\(folder).log")
        for _ in 0..<300 {
            if (try? query("SELECT 1", in: "postgres")) != nil { return }
            usleep(100_000)
        }
        throw PostgresServerFailure("the server did not start: see \(folder).log")
    }

    /// Stops the server; in the mode `immediate`, as a crash would.
    package func stop(_ mode: String = "immediate") {
        _ = try? Self.run(["\(Self.programs)/pg_ctl", "--pgdata=\(folder)/data", "--mode=\(mode)", "--wait", "stop"])
    }

    /// Makes an empty database, and returns its URL.
    package func makeDatabase() throws -> String {
        let name = "kms_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try query("CREATE DATABASE \(name) TEMPLATE template0", in: "postgres")
        return url(of: name)
    }

    package func url(of database: String, user: String = "postgres") -> String {
        "postgresql://\(user)@/\(database)?host=\(folder)"
    }

    /// Runs SQL with PostgreSQL's own client, and returns what it prints: a line for each row.
    @discardableResult
    package func query(_ sql: String, in database: String) throws -> String {
        let outcome = try ChildProcess.run(
            "\(Self.programs)/psql",
            [
                "--no-psqlrc", "--host=\(folder)", "--username=postgres", "--tuples-only", "--no-align",
                "--set=ON_ERROR_STOP=1", "--command=\(sql)", database,
            ], environment: Self.environment)
        let text = String(decoding: outcome.output, as: UTF8.self)
        guard outcome.status == 0 else { throw PostgresServerFailure(text) }
        return text
    }

    private static func run(_ command: [String]) throws {
        let command = unprivileged(command)
        let outcome = try ChildProcess.run(command[0], Array(command.dropFirst()), environment: environment)
        guard outcome.status == 0 else {
            throw PostgresServerFailure(String(decoding: outcome.output, as: UTF8.self))
        }
    }

    /// PostgreSQL refuses to run as root.
    private static func unprivileged(_ command: [String]) -> [String] {
        getuid() == 0
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + command : command
    }

    private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]
}

package struct PostgresServerFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
