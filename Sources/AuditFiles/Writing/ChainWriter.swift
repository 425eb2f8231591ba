internal import Glibc
internal import KeyManagement

/// Appends to the chain. One thread owns it.
///
/// After a failed write or sync, the content on disk is unknown. All waiting callers get the error. Before the next write, the file is
/// durably truncated to its length after the last success. Truncation touches the block at that length, so that block is written again too.
/// So a full disk leaves no torn line, and writing resumes once there is space.
struct ChainWriter: Sendable {
    private(set) var head: ChainHead
    private let folder: AuditFolder
    private let configuration: AuditConfiguration
    private let clock: any WallClock
    private let lock: Int32
    private let beginning: UncheckedBeginning
    private var file: ChainFile
    private var hasToBeCut = false

    /// The free space in bytes below which the disk counts as full.
    private static let minFreeBytes: UInt64 = 1 << 20

    init(
        head: ChainHead, file: ChainFile, folder: AuditFolder, lock: Int32, beginning: UncheckedBeginning,
        configuration: AuditConfiguration, clock: any WallClock
    ) {
        self.head = head
        self.file = file
        self.folder = folder
        self.lock = lock
        self.beginning = beginning
        self.configuration = configuration
        self.clock = clock
    }

    func close() {
        file.close()
        FolderLock.letGo(lock)
    }

    /// Fails if nothing could be appended now.
    mutating func check() throws(AuditError) {
        try heal()
        try file.check(length: head.length)
        let free = try file.freeBytes()
        guard free >= Self.minFreeBytes else {
            throw .unavailable("the disk of '\(folder.path)' is full: \(free) bytes are free")
        }
    }

    /// Appends all lines, or none.
    ///
    /// - Returns: the written lines, in order.
    mutating func append(_ bodies: [LineBody]) throws(AuditError) -> [WrittenLine] {
        try heal()
        try file.check(length: head.length)
        if head.length >= configuration.fileBytes, beginning.isWhole { try beginFile() }
        var batch = Batch(after: head)
        let lines = bodies.map { batch.add($0) }
        do throws(AuditError) {
            try file.write(batch.bytes)
            if configuration.isDurable || batch.hasCheckpoint { try file.sync() }
        } catch {
            hasToBeCut = true
            // If this fails, the next attempt repeats it.
            try? heal()
            throw error
        }
        head = batch.head
        return lines
    }

    private mutating func heal() throws(AuditError) {
        guard hasToBeCut else { return }
        try file.cut(to: head.length)
        hasToBeCut = false
    }

    /// Continues in the next file, once all of this one is on disk.
    private mutating func beginFile() throws(AuditError) {
        try file.sync()
        let made = try Self.makeFile(after: head, in: folder, at: clock.now)
        file.close()
        file = made.file
        head = made.head
    }

    /// Makes a file with its header.
    ///
    /// - Parameters:
    ///   - head: the end of the chain; its number is 0 at the beginning of a chain.
    ///   - folder: the folder of the chain.
    ///   - time: the time in the header.
    static func makeFile(
        after head: ChainHead, in folder: AuditFolder, at time: Timestamp
    ) throws(AuditError) -> (file: ChainFile, head: ChainHead) {
        var head = head
        head.file += 1
        head.length = 0
        let file = try ChainFile(new: folder.path(of: head.file))
        let header = FileHeader(time: time, chain: head.chain, file: head.file, entries: head.entries)
        var batch = Batch(after: head)
        _ = batch.add(LineBody(.record, AuditLine.Content.file(header).body))
        do throws(AuditError) {
            try file.write(batch.bytes)
            try file.sync()
            guard folder.sync() else { throw AuditError.unavailable("'\(folder.path)': \(SystemError.text)") }
        } catch {
            file.close()
            unlink(file.path)
            throw error
        }
        return (file, batch.head)
    }
}
