internal import CProcessHardening

/// How many descriptors the process may have open at once: files, sockets, timers.
public enum DescriptorLimit {
    /// Raises it to what is wanted or, where the system allows less, to that (`RLIMIT_NOFILE`). It is never lowered.
    ///
    /// - Returns: what it is now.
    public static func raise(to wanted: Int) throws(HardeningError) -> Int {
        var limit = 0
        try HardeningError.check("the limit of descriptors", hardening_raise_descriptor_limit(max(wanted, 0), &limit))
        return limit
    }
}
