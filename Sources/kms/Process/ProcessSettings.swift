import Logging
import ProcessHardening

/// The protections of secrets in the process's memory.
struct ProcessSettings {
    let allowsCoreDumps: Bool
    let lockMemory: LockedMemory.Wish
    let zeroesFreedMemory: Bool

    init(_ settings: Settings) throws(Failure) {
        allowsCoreDumps = try settings.bool(.processCoreDumps)
        lockMemory = try settings.choice(
            .processLockMemory, among: LockedMemory.Wish.allCases.map(\.rawValue), LockedMemory.Wish.init(rawValue:))
        zeroesFreedMemory = try settings.bool(.processZeroFreed)
    }

    /// Applies the settings. Call it before the process holds a secret.
    ///
    /// - Parameter level: the level at which the log reports that memory cannot be locked.
    func apply(_ logger: Logger, level: Logger.Level = .notice) throws(Failure) {
        do throws(HardeningError) {
            try CoreDumps.set(allowed: allowsCoreDumps)
            FreedMemory.overwrite(zeroesFreedMemory)
            if let reason = try LockedMemory.lock(lockMemory) {
                logger.log(
                    level: level, "memory is not locked, so secrets may go to the swap",
                    metadata: ["reason": "\(reason)"])
            }
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }
}
