import CConfinementProbe
import Glibc

/// Queries the confinement's verdict on every possible call number, and on some arguments.
enum Calls {
    /// A number far above the latest call of any kernel.
    private static let end = 1024
    private static let x32 = 0x4000_0000
    /// The numbers of uretprobe and uprobe. The kernel itself makes these calls in traced functions, past every filter. Made by a
    /// process, they end it or fail.
    private static let unfiltered = 335...336

    /// A call of x86-64 with significant arguments; omitted arguments are 0.
    struct Case {
        let name: String
        let number: Int
        let arguments: [Int]

        init(_ name: String, _ number: Int, _ arguments: Int...) {
            self.name = name
            self.number = number
            self.arguments = arguments + [Int](repeating: 0, count: 5 - arguments.count)
        }
    }

    static func run() {
        for first in [0, x32] {
            for number in first..<first + end where !unfiltered.contains(number) {
                print("\(number) \(probe_ask(number, 0, 0, 0, 0, 0))")
            }
        }
        for one in processes + own + descriptors + files + sockets {
            let a = one.arguments
            print("\(one.name) \(probe_ask(one.number, a[0], a[1], a[2], a[3], a[4]))")
        }
    }

    private static let thread = 0x3D_0F00
    private static let namespaces: [(name: String, flag: Int)] = [
        ("time", 0x80), ("mount", 0x2_0000), ("cgroup", 0x200_0000), ("uts", 0x400_0000), ("ipc", 0x800_0000),
        ("user", 0x1000_0000), ("pid", 0x2000_0000), ("net", 0x4000_0000),
    ]

    private static var processes: [Case] {
        var cases = [
            Case("clone-thread", 56, thread), Case("clone-process", 56, 17), Case("clone-pidfd", 56, thread | 0x1000),
            Case("clone-vfork", 56, 0x4111), Case("clone-traced", 56, thread | 0x2000),
            Case("clone-io", 56, thread | 0x8000_0000),
        ]
        for (name, flag) in namespaces {
            cases.append(Case("clone-\(name)", 56, flag | 17))
            cases.append(Case("clone-thread-\(name)", 56, thread | flag))
        }
        return cases
    }

    private static var own: [Case] {
        let (own, parent) = (Int(getpid()), Int(getppid()))
        return [
            Case("kill-self", 62, own), Case("kill-parent", 62, parent), Case("kill-all", 62, -1),
            Case("tgkill-self", 234, own), Case("tgkill-parent", 234, parent), Case("prlimit-self", 302, own),
            Case("prlimit-parent", 302, parent), Case("setpriority-thread", 141, 0, 0),
            Case("setpriority-other", 141, 0, parent), Case("setpriority-user", 141, 2, 1), Case("prctl-name", 157, 15),
            Case("prctl-securebits", 157, 28), Case("prctl-ptracer", 157, 0x5961_6D61), Case("prctl-mm", 157, 35),
            Case("prctl-ambient", 157, 47),
        ]
    }

    /// The calls on descriptors: 9 belongs to some file, 2 to the log.
    private static let descriptors = [
        Case("ioctl-tcgets", 16, 2, 0x5401), Case("ioctl-tiocsti", 16, 9, 0x5412),
        Case("ioctl-tiocsti-high", 16, 9, 0x1_0000_5412), Case("ioctl-tioclinux", 16, 9, 0x541C),
        Case("ioctl-nonblocking", 16, 9, 0x5421), Case("ioctl-nonblocking-log", 16, 2, 0x5421),
        Case("ioctl-usb", 16, 9, 0xC018_5500), Case("ioctl-interfaces", 16, 9, 0x8912),
        Case("ioctl-fsetflags", 16, 9, 0x4008_6602), Case("fcntl-lock", 72, 9, 7), Case("fcntl-getfl-log", 72, 2, 3),
        Case("fcntl-setfl", 72, 9, 4), Case("fcntl-setfl-log", 72, 2, 4), Case("fcntl-dup-log", 72, 2, 1030),
        Case("fcntl-setown", 72, 9, 8), Case("fcntl-setsig", 72, 9, 10), Case("fcntl-setlease", 72, 9, 1024),
        Case("fcntl-notify", 72, 9, 1026), Case("ftruncate-file", 77, 9), Case("ftruncate-log", 77, 2),
        Case("pwrite-log", 18, 1), Case("lseek-file", 8, 9), Case("lseek-log", 8, 2), Case("fallocate-log", 285, 2),
        Case("dup-log", 32, 2),
    ]

    private static let files = [
        Case("mmap-file", 9, 0, 4096, 1, 2, 9), Case("mmap-log", 9, 0, 4096, 3, 1, 2),
        Case("mmap-anonymous", 9, 0, 4096, 3, 0x22, 0), Case("open-read", 2, 0, 0), Case("open-truncate", 2, 0, 0x201),
        Case("open-read-truncate", 2, 0, 0x200), Case("openat-read-truncate", 257, -100, 0, 0x200),
    ]

    private static let sockets = [
        Case("socket-unix", 41, 1, 1), Case("socket-unix-datagram", 41, 1, 0x8_0002), Case("socket-inet", 41, 2, 1),
        Case("socket-inet6", 41, 10, 2),
        Case("socket-route", 41, 16, 3, 0),
        Case("socket-netlink", 41, 16, 3, 9), Case("socket-packet", 41, 17, 3),
        Case("socket-alg", 41, 38, 5), Case("socket-vsock", 41, 40, 1),
    ]
}
