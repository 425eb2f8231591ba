/// The folder of the audit files, and the settings for writing them.
package struct AuditConfiguration: Sendable {
    /// The folder, which holds nothing but the files. It is made if it is missing.
    package var directory: String
    /// True if an entry is on disk before its operation is answered. If false, a power failure may lose the entries of the last seconds; a
    /// killed process loses none in either case.
    package var isDurable: Bool
    /// The number of entries after which a checkpoint is signed.
    package var checkpointEntries: UInt64
    /// The time after which a checkpoint is signed, if there are new entries.
    package var checkpointInterval: Duration
    /// The size in bytes at which a new file is begun.
    package var fileBytes: UInt64
    /// The number of bytes at the end of the last file that are read before the chain is taken up. ``AuditTrail/checkBeginning()`` reads
    /// the part before them.
    ///
    /// It should contain a checkpoint, together with the last line that the checkpoint covers. Otherwise the whole file is read.
    package var endBytes: UInt64
    /// The most entries that may wait to be written; further ones are refused as busy.
    package var queueLimit: Int
    /// The time limit for writing an entry, including waiting.
    package var deadline: Duration
    /// The version of the writing program, recorded in the chain.
    package var version: String
    /// The label of the token, recorded in the chain.
    package var tokenLabel: String?

    package init(
        directory: String, isDurable: Bool = true, checkpointEntries: UInt64 = 10_000,
        checkpointInterval: Duration = .seconds(60), fileBytes: UInt64 = 256 << 20, endBytes: UInt64 = 16 << 20,
        queueLimit: Int = 8192, deadline: Duration = .seconds(5), version: String = "", tokenLabel: String? = nil
    ) {
        self.directory = directory
        self.isDurable = isDurable
        self.checkpointEntries = checkpointEntries
        self.checkpointInterval = checkpointInterval
        self.fileBytes = fileBytes
        self.endBytes = endBytes
        self.queueLimit = queueLimit
        self.deadline = deadline
        self.version = version
        self.tokenLabel = tokenLabel
    }
}
