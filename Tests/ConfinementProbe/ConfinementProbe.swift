import ProcessHardening

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Confines itself, tries what it is told to give up, and prints what came of each: a line with a name and an error's number, 0 for
/// success.
///
/// Arguments: a folder to write in, one not to, the port of a listener on loopback, and `network` if it is to be kept.
@main
struct ConfinementProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let port = UInt16(arguments[3]) else { exit(64) }
        do throws(HardeningError) {
            try CoreDumps.set(allowed: false)
            print(try Confinement(writable: [arguments[1]], network: arguments.last == "network").apply())
        } catch {
            print("not confined: \(error)")
            exit(1)
        }
        tell("write-inside", write(to: arguments[1] + "/new"))
        tell("write-outside", write(to: arguments[2] + "/new"))
        tell("remove-outside", unlink(arguments[2] + "/there"))
        tell("truncate-outside", truncate(arguments[2] + "/there", 0))
        tell("read-outside", access(arguments[2] + "/there", R_OK))
        tell("socket-unix", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        tell("connect", connect(to: port))
        tell("udp", socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        tell("netlink", socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), 0))
        tell("signal-parent", kill(getppid(), 0))
        var argv: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        tell("execute", execv("/bin/true", &argv))
    }

    private static func tell(_ name: String, _ result: Int32) {
        print("\(name) \(result >= 0 ? 0 : errno)")
        fflush(nil)
    }

    private static func write(to path: String) -> Int32 {
        open(path, O_WRONLY | O_CREAT, 0o600)
    }

    private static func connect(to port: UInt16) -> Int32 {
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
}
