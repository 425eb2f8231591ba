import CConfinementProbe
import Glibc

/// The actions that a compromised process would try next.
struct Tries {
    let inside: String
    let outside: String
    let port: UInt16

    /// Runs the tries that do no harm if they are not refused.
    func runHarmless() {
        tryAttributes()
        trySockets()
        tryItself()
    }

    func run() {
        tryFiles()
        runHarmless()
        tryOthers()
        tryNamespaces()
        tryMounts()
        // This try comes last, because it replaces the program if it succeeds.
        var argv: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        tell("execute", execv("/bin/true", &argv))
    }

    private func tell(_ name: String, _ result: Int32) {
        print("\(name) \(result >= 0 ? 0 : errno)")
        fflush(nil)
    }

    private func tell(_ name: String, error: Int32) {
        print("\(name) \(error)")
        fflush(nil)
    }

    /// Makes a call of x86-64 by its number, with a path and numbers.
    private func make(_ number: Int, _ path: String? = nil, _ rest: Int...) -> Int32 {
        var all = rest
        guard let path else {
            all += [Int](repeating: 0, count: 5 - all.count)
            return probe_make(number, all[0], all[1], all[2], all[3], all[4])
        }
        all += [Int](repeating: 0, count: 4 - all.count)
        return path.withCString { probe_make(number, Int(bitPattern: $0), all[0], all[1], all[2], all[3]) }
    }

    private var there: String { "\(outside)/there" }

    private func tryFiles() {
        tell("write-inside", open("\(inside)/new", O_WRONLY | O_CREAT, 0o600))
        tell("rename-inside", rename("\(inside)/new", "\(inside)/newer"))
        tell("remove-inside", unlink("\(inside)/newer"))
        tell("write-outside", open("\(outside)/new", O_WRONLY | O_CREAT, 0o600))
        tell("remove-outside", unlink(there))
        tell("truncate-outside", truncate(there, 0))
        tell("open-truncate-outside", open(there, O_RDONLY | O_TRUNC))
        tell("rename-outside", rename(there, "\(inside)/there"))
        tell("link-outside", link(there, "\(inside)/there"))
        tell("link-inside", symlink(there, "\(inside)/there"))
        tell("device-inside", mknod("\(inside)/device", mode_t(S_IFCHR) | 0o600, 0x0103))
        tell("read-outside", access(there, R_OK))
        tell("truncate-log", ftruncate(2, 0))
        tell("unblock-log", fcntl(2, F_SETFL, O_NONBLOCK))
    }

    private func tryAttributes() {
        let file = open(there, O_RDONLY)
        let descriptor = Int(file)
        let here = Int(AT_FDCWD)
        tell("chmod", chmod(there, 0o777))
        tell("fchmod", fchmod(file, 0o777))
        tell("fchmodat", fchmodat(AT_FDCWD, there, 0o777, 0))
        tell("chown", chown(there, 1, 1))
        tell("lchown", lchown(there, 1, 1))
        tell("fchown", fchown(file, 1, 1))
        tell("fchownat", fchownat(AT_FDCWD, there, 1, 1, 0))
        tell("utimensat", utimensat(AT_FDCWD, there, nil, 0))
        tell("futimens", futimens(file, nil))
        there.withCString { path in
            let path = Int(bitPattern: path)
            tell("fchmodat2", error: probe_make(452, here, path, 0o777, 0, 0))
            "user.kms".withCString { name in
                let name = Int(bitPattern: name)
                tell("setxattr", error: probe_make(188, path, name, name, 4, 0))
                tell("lsetxattr", error: probe_make(189, path, name, name, 4, 0))
                tell("fsetxattr", error: probe_make(190, descriptor, name, name, 4, 0))
                tell("removexattr", error: probe_make(197, path, name, 0, 0, 0))
                tell("lremovexattr", error: probe_make(198, path, name, 0, 0, 0))
                tell("fremovexattr", error: probe_make(199, descriptor, name, 0, 0, 0))
                tell("setxattrat", error: probe_make(463, here, path, 0, name, 0))
                tell("removexattrat", error: probe_make(466, here, path, 0, name, 0))
                tell("file_setattr", error: probe_make(469, here, path, 0, 0, 0))
            }
        }
    }

    private func trySockets() {
        tell("socket-unix", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var pair: [Int32] = [0, 0]
        tell("socket-pair", socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair))
        tell("connect-unix", connect(toPath: "\(outside)/socket"))
        tell("connect", connect(to: port))
        tell("udp", socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        tell("netlink", socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), 15))
        // Also on the socket that the process may have: descriptor 3 in the token's process.
        tell("listen", listen(3, 1))
    }

    private func tryItself() {
        tell("thread", error: startThread())
        tell("signal-self", kill(getpid(), 0))
        tell("signal-parent", kill(getppid(), 0))
        tell("memory-file", error: make(319, "code"))
        tell("personality", error: make(135, nil, 0x004_0000))
        tell("fork", error: probe_clone(17))
    }

    private func tryOthers() {
        tell("trace-parent", error: make(101, nil, 16, Int(getppid())))
        tell("memory-of-parent", open("/proc/\(getppid())/mem", O_RDONLY))
        tell("read-parent", error: make(310, nil, Int(getppid()), 0, 0, 0, 0))
        tell("descriptor-of-parent", error: make(434, nil, Int(getppid())))
        tell("io_uring", error: make(425, nil, 1, 0))
        tell("keyring", error: make(250, nil, 0, -3, 1))
        tell("bpf", error: make(321, nil, 0, 0, 0))
        tell("userfaultfd", error: make(323, nil, 1))
        tell("shared-memory", error: make(29, nil, 0x6B6D73, 4096, 0o1600))
    }

    private func tryNamespaces() {
        tell("clone-user", error: probe_clone(0x1000_0000 | 17))
        tell("clone-user-mount", error: probe_clone(0x1002_0000 | 17))
        var arguments = [UInt64](repeating: 0, count: 11)
        arguments[0] = 0x1000_0000
        arguments[4] = 17
        arguments.withUnsafeBytes { bytes in
            // A new process would continue here and print an extra line.
            tell("clone3-user", error: probe_make(435, Int(bitPattern: bytes.baseAddress), bytes.count, 0, 0, 0))
        }
        tell("unshare-user", error: make(272, nil, 0x1000_0000))
        let namespace = open("/proc/self/ns/net", O_RDONLY)
        tell("setns", error: make(308, nil, Int(namespace), 0))
    }

    private func tryMounts() {
        tell("mount", mount("none", inside, "tmpfs", 0, nil))
        tell("umount", umount2(inside, 0))
        tell("open_tree", error: make(428, nil, Int(AT_FDCWD)))
        tell("move_mount", error: make(429, nil, -1))
        tell("fsopen", error: make(430, "tmpfs"))
        tell("fsconfig", error: make(431, nil, -1))
        tell("fsmount", error: make(432, nil, -1))
        tell("fspick", error: make(433, nil, -1))
        tell("mount_setattr", error: make(442, nil, -1))
        tell("open_tree_attr", error: make(467, nil, -1))
        tell("pivot_root", error: make(155, inside))
        tell("chroot", chroot(inside))
    }

    private func startThread() -> Int32 {
        var thread = pthread_t()
        let error = pthread_create(&thread, nil, { _ in nil }, nil)
        if error == 0 { pthread_join(thread, nil) }
        return error
    }

    private func connect(to port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func connect(toPath path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        return LocalAddress(path).withPointer { Glibc.connect(descriptor, $0, $1) }
    }
}

/// The address of a Unix socket at a path.
struct LocalAddress {
    private var address = sockaddr_un()

    init(_ path: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
