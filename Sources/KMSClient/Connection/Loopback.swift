/// Recognises hosts that do not leave this machine.
package enum Loopback {
    /// Returns true for `localhost`, `::1` (also in brackets, as in URLs), or an IPv4 address of 127.0.0.0/8 (RFC 1122 §3.2.1.3). An
    /// address must have four numbers, because a host name may begin with `127.` too.
    package static func isLoopback(_ host: String) -> Bool {
        switch host {
        case "localhost", "::1", "[::1]": return true
        default:
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
        }
    }
}
