internal import FoundationEssentials
internal import Glibc

/// A PostgreSQL server of Debian's package, in a folder of its own and on a Unix socket only. It runs as an unprivileged user and ends
/// with this process, however that ends.
package final class PostgresServer: Sendable {
    /// The server that the suites of a test process share, each with databases of its own.
    package static let shared = Result { try PostgresServer("shared") }

    /// The folder of the socket and of the database files.
    package let folder: String
    /// The port on loopback of a server with a certificate; part of the socket's name too.
    package let port: UInt16
    private let settings: [String]

    /// The folder of the programs in Debian's packages.
    private static let programs = "/usr/lib/postgresql/15/bin"

    /// Makes the files of a server, starts it, and waits until it answers.
    ///
    /// - Parameters:
    ///   - name: a name that no other server of this process has.
    ///   - settings: further settings, each as `name=value`.
    ///   - certificate: the path, without the extensions `.pem` and `.key`, of a certificate. The server then also listens on loopback,
    ///     with TLS and for users with a password.
    package init(_ name: String, settings: [String] = [], certificate: String? = nil) throws {
        // Not the process's own temporary folder, which another user may not enter.
        folder = "/tmp/hsm-kms-postgres-\(getpid())-\(name)"
        let chosen = settings.compactMap { $0.hasPrefix("port=") ? UInt16($0.dropFirst(5)) : nil }.last
        port = try chosen ?? (certificate == nil ? 5432 : Self.freePort())
        self.settings = settings + (certificate == nil ? [] : Self.loopback(port, folder))
        // Of an earlier process with the same number.
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if getuid() == 0 {
            guard let user = getpwnam("postgres") else { throw PostgresServerFailure("there is no user postgres") }
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try Self.run(
            [
                "\(Self.programs)/initdb", "--pgdata=\(folder)/data", "--username=postgres", "--auth=trust",
                "--encoding=UTF8", "--locale=C",
            ])
        if let certificate {
            for (end, target) in [("pem", "server.crt"), ("key", "server.key")] {
                try FileManager.default.copyItem(atPath: "\(certificate).\(end)", toPath: "\(folder)/\(target)")
                chmod("\(folder)/\(target)", 0o600)
                if let user = getpwnam("postgres"), getuid() == 0 {
                    chown("\(folder)/\(target)", user.pointee.pw_uid, user.pointee.pw_gid)
                }
            }
            guard let rules = fopen("\(folder)/data/pg_hba.conf", "w") else {
                throw PostgresServerFailure("pg_hba.conf cannot be written")
            }
            fputs("local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n", rules)
            fclose(rules)
        }
        try start()
    }

    private static func loopback(_ port: UInt16, _ folder: String) -> [String] {
        [
            "listen_addresses=127.0.0.1", "port=\(port)", "ssl=on", "ssl_cert_file=\(folder)/server.crt",
            "ssl_key_file=\(folder)/server.key",
        ]
    }

    /// Returns a port that is free at the moment.
    package static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard status else { throw PostgresServerFailure("there is no free port") }
        return UInt16(bigEndian: address.sin_port)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the server again after ``stop(_:)``.
    package func start() throws {
        // The last of several values counts.
        let options = (["listen_addresses=", "unix_socket_directories=\(folder)", "max_connections=200"] + settings)
            .flatMap { ["-c", $0] }
        try Self.runWhileThisProcessLives(
            ["\(Self.programs)/postgres", "-D", "\(folder)/data"] + options, log: "\(folder)/log")
        for _ in 0..<300 {
            if (try? query("SELECT 1", in: "postgres")) != nil { return }
            usleep(100_000)
        }
        throw PostgresServerFailure("the server did not start: see \(folder)/log")
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
                "--no-psqlrc", "--host=\(folder)", "--port=\(port)", "--username=postgres", "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1", "--command=\(sql)", database,
            ], environment: Self.environment)
        let text = String(decoding: outcome.output, as: UTF8.self)
        guard outcome.status == 0 else { throw PostgresServerFailure(text) }
        return text
    }

    /// Starts a program as an unprivileged user. It ends with this process at the latest.
    package static func runWhileThisProcessLives(_ command: [String], log: String) throws {
        let guardian = """
            owner=$1; shift
            "$@" &
            server=$!
            while kill -0 "$owner" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.3; done
            # At once. PgBouncer heeds no signal that a thread of this process has blocked.
            kill -QUIT $server 2>/dev/null
            for _ in 1 2 3 4 5 6 7 8; do kill -0 $server 2>/dev/null && sleep 0.2; done
            kill -KILL $server 2>/dev/null
            wait $server
            kill -0 "$owner" 2>/dev/null || rm -rf "/tmp/hsm-kms-postgres-$owner-"*
            """
        _ = try ChildProcess(
            "/bin/bash", ["-c", guardian, "guardian", "\(getpid())"] + unprivileged(command), environment: environment,
            output: log, errors: log)
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
