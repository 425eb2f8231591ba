internal import CProcessHardening

/// Pages that do not go to the swap.
public enum LockedMemory {
    public enum Wish: String, Sendable, CaseIterable {
        /// Where the limits allow it for good.
        case auto
        /// Or else refuse.
        case always = "true"
        case never = "false"
    }

    /// Locks all pages, those of later too, as soon as each is touched (`mlockall` with `MCL_ONFAULT`).
    ///
    /// With a finite limit (`RLIMIT_MEMLOCK`) it is not done: an allocation would fail later, in the middle of something.
    ///
    /// - Returns: why it was not done; nil when it was, or was not wished for.
    /// - Throws: when it was wished for and cannot be done.
    public static func lock(_ wish: Wish) throws(HardeningError) -> String? {
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
