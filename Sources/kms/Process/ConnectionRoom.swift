import FoundationEssentials
import Logging
import ProcessHardening

/// How many connections there is room for, so that the process never runs out of descriptors.
///
/// Without a descriptor a token loses its files, changes fail, and libdispatch ends the process: once a second it opens
/// `/proc/self/task/…/stat` of each of its threads and traps when it cannot.
enum ConnectionRoom {
    /// What may be open for a moment, beside what is open when the service starts: files of a backup, of the audit log, of keys.
    static let reserve = 32
    /// What a thread of the token may have open for a moment: SoftHSM opens an object and its lock, others a socket.
    static let perWorker = 4

    /// Raises the limit of descriptors as far as is needed and possible. To be called when everything is open.
    ///
    /// - Returns: how many connections may be open at once, `wanted` at most.
    static func connections(wanted: Int, workers: Int, logger: Logger) throws(Failure) -> Int {
        let taken = openDescriptors() + reserve + workers * perWorker
        let limit: Int
        do throws(HardeningError) {
            limit = try DescriptorLimit.raise(to: taken + wanted)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
        let room = limit - taken
        let advice = "raise it to \(taken + wanted) (systemd: LimitNOFILE=, a shell: ulimit -n)"
        guard room > 0 else {
            throw Failure(
                .configuration,
                "\(limit) descriptors may be open, and \(taken) are needed beside those of connections; \(advice)")
        }
        guard room < wanted else { return wanted }
        logger.warning(
            "fewer connections than configured, because too few descriptors may be open",
            metadata: ["connections": "\(room)", "configured": "\(wanted)", "limit": "\(limit)", "advice": "\(advice)"])
        return room
    }

    private static func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 64
    }
}
