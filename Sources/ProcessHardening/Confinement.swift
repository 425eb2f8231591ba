internal import CProcessHardening

/// What a process gives up that has one thing to do: privileges, programs, the network, and files beyond a few folders.
///
/// It holds for the thread that calls and for all that this one starts; so it has to be called while there is one thread only.
public struct Confinement: Sendable {
    /// Folders below which files may be written, made and removed.
    public var writable: [String]
    /// Whether sockets of other machines may be used: a network HSM needs them.
    public var network: Bool

    public init(writable: [String], network: Bool) {
        self.writable = writable
        self.network = network
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
        let error = hardening_seccomp(network)
        if error == SystemText.isMissing {
            return "programs and network NOT confined (no seccomp filter for this machine)"
        }
        try HardeningError.check("seccomp", error)
        return network ? "no programs (seccomp)" : "no programs, no network (seccomp)"
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
