internal import CProcessHardening

/// The limit of descriptors that the process may have open at once: files, sockets, timers.
package enum DescriptorLimit {
    /// Raises the limit to the wanted number or, if that is more than the system allows, to the system's limit (`RLIMIT_NOFILE`). It is
    /// never lowered.
    ///
    /// - Returns: the limit in force.
    package static func raise(to wanted: Int) throws(HardeningError) -> Int {
        var limit = 0
        try HardeningError.check("the limit of descriptors", hardening_raise_descriptor_limit(max(wanted, 0), &limit))
        return limit
    }
}
