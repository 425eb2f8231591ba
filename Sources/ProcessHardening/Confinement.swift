internal import CProcessHardening

/// The limits that a process with a single purpose imposes on itself: no privileges, only the system calls it needs, and writing only below
/// a few folders.
///
/// It applies to the calling thread and to all threads that it starts later. So call it while the process has only one thread.
package struct Confinement: Sendable {
    /// The folders below which files may be written, made and removed.
    package var writable: [String]
    /// True if Internet sockets may be used. A network HSM needs them.
    package var network: Bool
    /// True if Unix sockets may be used. A module that works through a daemon (`pcscd`, nShield's hardserver, p11-kit's server) needs them.
    /// No filter can distinguish paths, so every socket that the user may open is then reachable.
    package var localSockets: Bool

    package init(writable: [String], network: Bool, localSockets: Bool = false) {
        self.writable = writable
        self.network = network
        self.localSockets = localSockets
    }

    /// Applies the limits.
    ///
    /// - Returns: the applied limits and those that the kernel does not support, in a line for the log.
    /// - Throws: if a limit fails that the kernel supports.
    package func apply() throws(HardeningError) -> String {
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
        // Owned by this function; the kernel has its own copies when `body` returns.
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
            // Never empty, because it ends with a null pointer.
            guard let start = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
            return body(start)
        }
    }
}
