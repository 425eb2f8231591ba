import FoundationEssentials
import Logging
import ProcessHardening

/// The number of connections that fit within the limit of descriptors.
///
/// Without a free descriptor, a token loses its files and changes fail. libdispatch then ends the process: once a second it opens
/// `/proc/self/task/…/stat` of each of its threads, and traps if it cannot.
struct ConnectionRoom {
    /// The most descriptors that the service opens before it listens: libraries, the store, the audit log, the event loops' own. Some 30
    /// stay open.
    private static let opening = 64
    /// The descriptors that may be open briefly in addition: files of a backup, of the audit log, of keys.
    static let reserve = 32
    /// The descriptors that a thread of the token may have open briefly: SoftHSM opens an object and its lock, others a socket.
    static let perWorker = 4

    /// Refuses to start if opening the store or the token could fail for want of a descriptor. Call it before anything is open.
    ///
    /// - Parameter besides: connections of another listener, which are not among the wanted ones.
    static func expectRoomToStart(wanted: Int, workers: Int?, besides: Int = 0) throws(Failure) {
        _ = try Self(wanted: wanted, taken: openDescriptors() + opening + (workers ?? 1) * perWorker + besides)
    }

    /// Raises the limit of descriptors as far as needed and possible. Call it when everything is open.
    ///
    /// - Returns: the number of connections that may be open at once, `wanted` at most.
    static func connections(wanted: Int, workers: Int, besides: Int = 0, logger: Logger) throws(Failure) -> Int {
        let room = try Self(wanted: wanted, taken: openDescriptors() + reserve + workers * perWorker + besides)
        guard room.connections < wanted else { return wanted }
        logger.warning(
            "fewer connections than configured, because too few descriptors may be open",
            metadata: [
                "connections": "\(room.connections)", "configured": "\(wanted)", "limit": "\(room.limit)",
                "advice": "\(room.advice)",
            ])
        return room.connections
    }

    private let limit: Int
    private let connections: Int
    private let advice: String

    /// Raises the limit.
    ///
    /// - Parameter taken: the descriptors needed in addition to those of connections.
    private init(wanted: Int, taken: Int) throws(Failure) {
        do throws(HardeningError) {
            limit = try DescriptorLimit.raise(to: taken + wanted)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
        connections = limit - taken
        advice = "raise it to \(taken + wanted) (systemd: LimitNOFILE=, a shell: ulimit -n)"
        guard connections > 0 else {
            throw Failure(
                .configuration,
                "\(limit) descriptors may be open, and \(taken) are needed beside those of connections; \(advice)")
        }
    }

    private static func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 64
    }
}
