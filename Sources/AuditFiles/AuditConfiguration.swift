/// The folder of the audit files, and the settings for writing them.
public struct AuditConfiguration: Sendable {
    /// The folder, which holds nothing but the files. It is made if it is missing.
    public var directory: String
    /// True if an entry is on disk before its operation is answered. If false, a power failure may lose the entries of the last seconds; a
    /// killed process loses none in either case.
    public var isDurable: Bool
    /// The number of entries after which a checkpoint is signed.
    public var checkpointEntries: UInt64
    /// The time after which a checkpoint is signed, if there are new entries.
    public var checkpointInterval: Duration
    /// The size in bytes at which a new file is begun.
    public var fileBytes: UInt64
    /// The number of bytes at the end of the last file that are read before the chain is taken up. ``AuditTrail/checkBeginning()`` reads
    /// the part before them.
    ///
    /// It should contain a checkpoint, together with the last line that the checkpoint covers. Otherwise the whole file is read.
    public var endBytes: UInt64
    /// The most entries that may wait to be written; further ones are refused as busy.
    public var queueLimit: Int
    /// The time limit for writing an entry, including waiting.
    public var deadline: Duration
    /// The version of the writing program, recorded in the chain.
    public var version: String
    /// The label of the token, recorded in the chain.
    public var tokenLabel: String?

    public init(
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
