/// Where the audit files are, and how they are written.
public struct AuditConfiguration: Sendable {
    /// The folder of the files, and of nothing else. Made when it is missing.
    public var directory: String
    /// Whether an entry is on disk before its operation is answered. Without it, what was written in the seconds before a power
    /// failure may be gone; a killed process loses nothing either way.
    public var isDurable: Bool
    /// A checkpoint is signed after so many entries.
    public var checkpointEntries: UInt64
    /// And after this time, if there was anything new.
    public var checkpointInterval: Duration
    /// A file that has reached this size is followed by the next.
    public var fileBytes: UInt64
    /// The end of the last file that is read before the chain is taken up, in bytes. What stands before it in that file is read by
    /// ``AuditTrail/checkBeginning()``.
    ///
    /// It should hold a checkpoint, with what that covers; else the whole file is read.
    public var endBytes: UInt64
    /// How many entries may wait to be written; more are refused as busy.
    public var queueLimit: Int
    /// How long an entry may take, waiting included.
    public var deadline: Duration
    /// What the chain says of the program that writes it.
    public var version: String
    /// What the chain says of the token.
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
