import CConfinementProbe
import Glibc
import ProcessHardening

/// Confines itself, tries the forbidden actions, and prints the result of each: a line with a name and an error number, 0 for
/// success.
///
/// Arguments: the mode (`tries`, `harmless-tries`, `calls` or `other-abi`), a writable folder, a forbidden folder, the port of a
/// listener on loopback, then any of `network`, `local-sockets` and `unconfined`.
@main
struct ConfinementProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 5, let port = UInt16(arguments[4]) else { exit(64) }
        let wishes = arguments.dropFirst(5)
        guard probe_prepare() == 0 else { exit(1) }
        if wishes.contains("unconfined") {
            print("unconfined")
        } else {
            confine(
                Confinement(
                    writable: [arguments[2]], network: wishes.contains("network"),
                    localSockets: wishes.contains("local-sockets")))
        }
        switch arguments[1] {
        case "tries": Tries(inside: arguments[2], outside: arguments[3], port: port).run()
        case "harmless-tries": Tries(inside: arguments[2], outside: arguments[3], port: port).runHarmless()
        case "calls": Calls.run()
        case "other-abi": print("answered \(probe_other_abi())")
        default: exit(64)
        }
        fflush(nil)
    }

    private static func confine(_ confinement: Confinement) {
        do throws(HardeningError) {
            try CoreDumps.set(allowed: false)
            print(try confinement.apply())
        } catch {
            print("not confined: \(error)")
            exit(1)
        }
    }
}
