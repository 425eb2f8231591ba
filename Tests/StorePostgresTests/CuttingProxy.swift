import Glibc
import Synchronization
import ThreadExecutor

/// A socket in front of a server that cuts the connection during every second commit, before or after the server gets it.
final class CuttingProxy: Sendable {
    enum Cut: Sendable, CaseIterable {
        /// The server never gets the commit.
        case beforeCommit
        /// The server commits, and its answer is lost.
        case afterCommit
    }

    /// The folder of the proxy's socket, as a `host` in a URL.
    let folder: String
    private let server: String
    private let cut: Cut
    private let commits = Atomic(0)
    private let listener: Int32

    /// Starts the proxy.
    ///
    /// - Parameters:
    ///   - folder: a folder of its own.
    ///   - server: the folder of the server's socket.
    ///   - cut: when connections are cut.
    init(_ folder: String, to server: String, cut: Cut) throws {
        self.folder = folder
        self.server = server
        self.cut = cut
        mkdir(folder, 0o755)
        unlink("\(folder)/.s.PGSQL.5432")
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let isListening =
            Self.with(address: "\(folder)/.s.PGSQL.5432") { Glibc.bind(listener, $0, $1) } == 0
            && listen(listener, 64) == 0
        guard isListening else { throw ProxyFailure() }
        Self.onThread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { serve(client) }
        }
    }

    /// The number of commits that were cut.
    var cutCount: Int { (commits.load(ordering: .relaxed) + 1) / 2 }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func serve(_ client: Int32) {
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.with(address: "\(server)/.s.PGSQL.5432", { connect(upstream, $0, $1) }) == 0 else {
            close(upstream)
            close(client)
            return
        }
        Self.onThread { [self] in
            pass(from: client, to: upstream)
            for descriptor in [client, upstream] { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        Self.onThread {
            Self.copy(from: upstream, to: client)
            for descriptor in [client, upstream] { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Passes what the client sends, up to a commit that is to be cut.
    private func pass(from client: Int32, to upstream: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(client, &buffer, buffer.count), count > 0 {
            let piece = buffer.prefix(count)
            guard piece.contains(sequence: "COMMIT\0"), takeCut() else {
                guard write(upstream, buffer, count) == count else { return }
                continue
            }
            guard cut == .afterCommit else { return }
            // The client hears nothing any more, and the server gets everything.
            shutdown(client, Int32(SHUT_RDWR))
            _ = write(upstream, buffer, count)
            usleep(200_000)
            return
        }
    }

    private func takeCut() -> Bool {
        commits.add(1, ordering: .relaxed).oldValue % 2 == 0
    }

    private static func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(source, &buffer, buffer.count), count > 0 {
            guard send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
        }
    }

    private static func with(address path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }

    private static func onThread(_ body: @escaping @Sendable () -> Void) {
        NamedThread.start("proxy", body)
    }
}

struct ProxyFailure: Error {}

extension Collection<UInt8> {
    fileprivate func contains(sequence: String) -> Bool { firstRange(of: Array(sequence.utf8)) != nil }
}
