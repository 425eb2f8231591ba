internal import CProcessHardening

/// The limits that a process with a single purpose takes upon itself: no privileges, the system calls it needs, and writing below a few
/// folders only.
///
/// It holds for the thread that calls and for all that this one starts; so it has to be called while there is one thread only.
public struct Confinement: Sendable {
    /// Folders below which files may be written, made and removed.
    public var writable: [String]
    /// Whether Internet sockets may be used. A network HSM needs them.
    public var network: Bool
    /// Whether Unix sockets may be used. A module that works through a daemon (`pcscd`, nShield's hardserver, p11-kit's server) needs them.
    /// No filter can tell one path from another, so every socket that the user may open can be reached then.
    public var localSockets: Bool

    public init(writable: [String], network: Bool, localSockets: Bool = false) {
        self.writable = writable
        self.network = network
        self.localSockets = localSockets
    }

    /// - Returns: what was done and what the kernel cannot do, in a line for the log.
    /// - Throws: when something fails that the kernel can do.
    public func apply() throws(HardeningError) -> String {
        let threads = hardening_thread_count()
        guard threads == 1 else {
            throw HardeningError("the process has \(threads) threads already, and only one would be confined")
        }
        var done: [String] = []
        try HardeningError.check("no new privileges", hardening_no_new_privileges())
        done.append("no-new-privileges")
        try HardeningError.check("capabilities", hardening_drop_capabilities())
        done.append("no-capabilities")
        done.append(try landlock())
        done.append(try seccomp())
        return done.joined(separator: ", ")
    }

    private func landlock() throws(HardeningError) -> String {
        let version = hardening_landlock_version()
        guard version > 0 else { return "files NOT confined (the kernel has no Landlock)" }
        let error = withCStrings(writable) { hardening_landlock($0, writable.count, network) }
        try HardeningError.check("Landlock for \(writable.joined(separator: ", "))", error)
        return
            "writes below \(writable.isEmpty ? "nothing" : writable.joined(separator: ":")) only (Landlock \(version))"
    }

    private func seccomp() throws(HardeningError) -> String {
        let error = hardening_seccomp(network, localSockets)
        if error == SystemText.isMissing {
            return "system calls NOT confined (no seccomp filter for this machine)"
        }
        try HardeningError.check("seccomp", error)
        let kept = [network ? nil : "no network", localSockets ? nil : "no local sockets"].compactMap(\.self)
        return (["listed system calls only", "no programs"] + kept).joined(separator: ", ") + " (seccomp)"
    }

    private func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        // Owned by this function; the kernel has what it needs when `body` returns.
        let copies = texts.map { text in
            let bytes = Array(text.utf8CString)
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
            _ = copy.initialize(from: bytes)
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        var pointers = copies.map { $0.baseAddress.map { UnsafePointer($0) } }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { buffer in
            // Never empty: there is the null at its end.
            guard let start = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
            return body(start)
        }
    }
}
