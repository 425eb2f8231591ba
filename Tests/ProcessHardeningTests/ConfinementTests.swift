import Foundation
import Glibc
import KMSTesting
import Testing

/// The actions that a confined process can no longer perform, tried by one: `ConfinementProbe`.
@Suite struct ConfinementTests {
    struct Probe {
        let summary: String
        let results: [String: Int32]
        let status: Int32

        /// Returns the tries with another error than expected, and their errors.
        func differences(from expected: [String: Int32]) -> [String: Int32] {
            results.filter { expected[$0.key] != $0.value }
                .merging(expected.filter { results[$0.key] == nil }.mapValues { _ in -1 }) { found, _ in found }
        }
    }

    private static let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "ConfinementProbe").path

    static func run(_ what: String, _ wishes: String...) throws -> Probe {
        // Short, because the path of a socket must be short.
        let folder = "/tmp/hsm-kms-confined-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["in", "out"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let file = "\(folder)/out/there"
        try Data("kept".utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        let (listener, localListener) = (Listener.internet(), Listener.local("\(folder)/out/socket"))
        let outcome = try ChildProcess.run(
            program, [what, "\(folder)/in", "\(folder)/out", "\(listener.port)"] + wishes, environment: [:])
        listener.close()
        localListener.close()
        if !wishes.contains("unconfined") {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(
                attributes[.posixPermissions] as? Int == 0o640 && attributes[.ownerAccountID] as? UInt32 == getuid())
            #expect(try Data(contentsOf: URL(filePath: file)) == Data("kept".utf8))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/new"))
        }
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        let pairs = lines.dropFirst().map { line in
            (String(line.prefix { $0 != " " }), Int32(line.split(separator: " ").last ?? "") ?? -1)
        }
        // A name that occurs twice was printed by a process that should not exist.
        return Probe(
            summary: String(lines.first ?? ""), results: try Dictionary(pairs) { _, _ in throw Doubled() },
            status: outcome.status)
    }

    private struct Doubled: Error {}

    /// The expected error of each try in a process that has neither network nor local sockets.
    private static let expected: [String: Int32] = {
        var expected: [String: Int32] = [:]
        for name in ["write-inside", "rename-inside", "remove-inside", "read-outside", "thread", "signal-self"] {
            expected[name] = 0
        }
        for name in ["write-outside", "remove-outside", "rename-outside", "memory-of-parent"] {
            expected[name] = EACCES
        }
        for name in ["socket-unix", "connect-unix", "connect", "udp", "netlink"] { expected[name] = EACCES }
        for name in ["io_uring", "clone3-user"] { expected[name] = ENOSYS }
        let refused = """
            truncate-outside open-truncate-outside link-outside link-inside device-inside truncate-log unblock-log \
            chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat utimensat futimens setxattr lsetxattr fsetxattr \
            setxattrat removexattr lremovexattr fremovexattr removexattrat file_setattr socket-pair listen signal-parent \
            trace-parent read-parent descriptor-of-parent memory-file keyring bpf userfaultfd personality shared-memory \
            fork clone-user clone-user-mount unshare-user setns mount umount open_tree move_mount fsopen fsconfig fsmount \
            fspick mount_setattr open_tree_attr pivot_root chroot execute
            """
        for name in refused.split(separator: " ") { expected[String(name)] = EPERM }
        return expected
    }()

    @Test func `a confined process writes where it may, and does nothing else to the machine or to others`() throws {
        let probe = try Self.run("tries")
        #expect(probe.status == 0)
        #expect(probe.differences(from: Self.expected) == [:], "\(probe.summary)")
        #expect(probe.summary.contains("no-capabilities") && !probe.summary.contains("NOT"))
        #expect(probe.summary.contains("listed system calls only, no programs, no network, no local sockets (seccomp)"))
    }

    /// Verifies that the tries succeed without confinement, so that a try that always fails is not taken for a refusal.
    @Test func `without confinement the same tries succeed`() throws {
        let probe = try Self.run("harmless-tries", "unconfined")
        let mine = """
            chmod fchmod fchmodat utimensat futimens socket-unix socket-pair connect-unix connect udp netlink thread \
            signal-self signal-parent memory-file personality fork
            """
        for name in mine.split(separator: " ") { #expect(probe.results[String(name)] == 0, "\(name)") }
    }

    @Test func `the network is left to a module that needs it, and nothing else`() throws {
        var expected = Self.expected
        for name in ["connect", "udp"] { expected[name] = 0 }
        let probe = try Self.run("tries", "network")
        #expect(probe.differences(from: expected) == [:], "\(probe.summary)")
        #expect(!probe.summary.contains("no network") && probe.summary.contains("no local sockets"))
    }

    @Test func `local sockets are left to a module that needs them, and nothing else`() throws {
        var expected = Self.expected
        for name in ["socket-unix", "connect-unix"] { expected[name] = 0 }
        let probe = try Self.run("tries", "local-sockets")
        #expect(probe.differences(from: expected) == [:], "\(probe.summary)")
        #expect(probe.summary.contains("no network") && !probe.summary.contains("no local sockets"))
    }

    /// A listener for connection attempts.
    private struct Listener {
        let port: UInt16
        private let descriptor: Int32

        static func internet() -> Listener {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = bind(descriptor, address, size)
                    _ = listen(descriptor, 4)
                    _ = getsockname(descriptor, address, &size)
                }
            }
            return Listener(port: UInt16(bigEndian: address.sin_port), descriptor: descriptor)
        }

        static func local(_ path: String) -> Listener {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
                    _ = listen(descriptor, 4)
                }
            }
            return Listener(port: 0, descriptor: descriptor)
        }

        func close() { _ = Glibc.close(descriptor) }
    }
}
