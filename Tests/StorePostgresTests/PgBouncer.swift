import Foundation
import KMSTesting

/// PgBouncer of Debian's package in front of the shared server, in transaction mode. It ends with this process.
final class PgBouncer: Sendable {
    static let shared = Result { try PgBouncer(for: PostgresServer.shared.get()) }

    private let server: PostgresServer
    private let folder: String

    private init(for server: PostgresServer) throws {
        self.server = server
        folder = "\(server.folder)/pooler"
        mkdir(folder, 0o755)
        // A port is part of the socket's name; PgBouncer listens on no address. Two sessions for all clients.
        try Data(
            """
            [databases]
            * = host=\(server.folder) port=5432 user=postgres

            [pgbouncer]
            listen_addr =
            listen_port = 6432
            unix_socket_dir = \(folder)
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            server_round_robin = 1
            logfile = \(folder)/log
            """.utf8
        ).write(to: URL(filePath: "\(folder)/pgbouncer.ini"))
        if getuid() == 0, let user = getpwnam("postgres") {
            chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try PostgresServer.runWhileThisProcessLives(
            ["/usr/sbin/pgbouncer", "\(folder)/pgbouncer.ini"], log: "\(server.folder)/pooler.out")
        for _ in 0..<100 where access("\(folder)/.s.PGSQL.6432", F_OK) != 0 { usleep(50_000) }
    }

    /// Returns the URL of a database of the server, through the pooler.
    func url(of database: String) -> String {
        database.replacing("host=\(server.folder)", with: "host=\(folder)&port=6432")
    }
}
