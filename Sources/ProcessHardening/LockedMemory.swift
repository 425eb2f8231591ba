internal import CProcessHardening

/// Locks pages in memory, so that they are not swapped out.
package enum LockedMemory {
    package enum Wish: String, Sendable, CaseIterable {
        /// Lock if the limits permanently allow it.
        case auto
        /// Lock, or refuse to start.
        case always = "true"
        case never = "false"
    }

    /// Locks all present and future pages as soon as each is touched (`mlockall` with `MCL_ONFAULT`).
    ///
    /// With a finite limit (`RLIMIT_MEMLOCK`) nothing is locked, because a later allocation would fail.
    ///
    /// - Returns: the reason why nothing was locked; nil if memory was locked, or locking was not requested.
    /// - Throws: if locking is required and cannot be done.
    package static func lock(_ wish: Wish) throws(HardeningError) -> String? {
        guard wish != .never else { return nil }
        let advice = "set LimitMEMLOCK=infinity, or give the process CAP_IPC_LOCK"
        if hardening_lock_is_limited() {
            let reason = "the limit of locked memory is finite; \(advice)"
            if wish == .always { throw HardeningError("memory cannot be locked: \(reason)") }
            return reason
        }
        let error = hardening_lock_memory()
        guard error != 0 else { return nil }
        if wish == .always { throw HardeningError("memory cannot be locked", error) }
        return "\(SystemText.of(error)); \(advice)"
    }
}
