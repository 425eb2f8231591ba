internal import CProcessHardening

/// Handling of freed memory. Without glibc, this does nothing.
package enum FreedMemory {
    /// Sets whether all memory is overwritten with zeros when it is freed.
    package static func overwrite(_ isOn: Bool) { hardening_zero_freed_memory(isOn) }

    /// Keeps 80 freed blocks of each size in reserve for each thread, where glibc keeps 7.
    ///
    /// SoftHSM takes 114 blocks from the heap for one decrypt, 73 of them of one size and held together. Blocks beyond the reserve take a
    /// slower path, which is an eighth of the time of a batch. glibc reads its tunables (`GLIBC_TUNABLES`) before a program begins, so the
    /// program starts once more, as the same process. Tunables that are already set are left alone. Call it with one thread and nothing
    /// open.
    package static func keepMoreAtHand() { hardening_keep_freed_blocks(CommandLine.unsafeArgv) }
}
