internal import CProcessHardening

/// Core dumps, and access to the memory of the process.
package enum CoreDumps {
    /// Disables core dumps so that only root can bypass it (`RLIMIT_CORE`, `PR_SET_DUMPABLE`), or enables them as far as the system's limit
    /// allows.
    package static func set(allowed: Bool) throws(HardeningError) {
        try HardeningError.check("core dumps", hardening_set_core_dumps(allowed))
    }
}

/// The reason why the process could not be hardened.
package struct HardeningError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ what: String, _ error: Int32) {
        description = "\(what): \(SystemText.of(error))"
    }

    init(_ description: String) {
        self.description = description
    }

    static func check(_ what: String, _ error: Int32) throws(HardeningError) {
        if error != 0 { throw HardeningError(what, error) }
    }
}
