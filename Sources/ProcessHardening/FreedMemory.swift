internal import CProcessHardening

/// Memory that was freed. Without glibc, this does nothing.
public enum FreedMemory {
    /// Has all memory overwritten with zeros when it is freed, or not any more.
    public static func overwrite(_ isOn: Bool) { hardening_zero_freed_memory(isOn) }

    /// Keeps 80 freed blocks of a size at hand for each thread, where glibc keeps 7.
    ///
    /// SoftHSM takes 114 blocks from the heap for one decrypt, 73 of them of one size and together; what is not at hand goes the long way,
    /// which is an eighth of the time of a batch. The program starts once more for that, as the same process, because glibc reads its
    /// tunables (`GLIBC_TUNABLES`) before a program begins. Whoever has set some is left alone. To be called with one thread
    /// and nothing open.
    public static func keepMoreAtHand() { hardening_keep_freed_blocks(CommandLine.unsafeArgv) }
}
