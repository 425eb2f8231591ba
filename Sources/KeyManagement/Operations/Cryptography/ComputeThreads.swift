internal import FoundationEssentials
internal import SystemClock
internal import ThreadExecutor

/// Threads for computation that takes longer than 100 µs: libcrypto's work with public keys above all.
///
/// Swift's cooperative pool has one thread for each core, and everything that a service does goes through it. A batch of signatures that
/// is verified there keeps all other requests waiting, a health probe included. Here long work is done in slices of two milliseconds, one
/// caller's after another's. A slice is refused as busy when too many wait, or when it was not done by its deadline.
package final class ComputeThreads: Sendable {
    /// The threads of this process: as many as it has cores.
    package static let shared = ComputeThreads(threads: ProcessInfo.processInfo.activeProcessorCount, queueLimit: 1024)

    /// How long a slice takes, unless its one item takes longer.
    private static let slice = Duration.milliseconds(2)

    private let pool: ThreadPool
    private let deadline: Duration

    /// - Parameters:
    ///   - queueLimit: how many slices may wait.
    ///   - deadline: how long a slice may take, waiting included.
    package init(threads: Int, queueLimit: Int, deadline: Duration = .seconds(5)) {
        pool = ThreadPool(name: "compute", threads: max(1, threads), queueLimit: queueLimit)
        self.deadline = deadline
    }

    /// Does one thing.
    ///
    /// - Throws: ``KMSError/busy(_:)`` when it was not done by the deadline.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws(KMSError) -> Result {
        do throws(ThreadPoolError) {
            return try await pool.run(by: .now + deadline, body)
        } catch {
            switch error {
            case .full, .stuck: throw .busy("too much computation waits already")
            case .late: throw .busy("the computation was not done within \(deadline)")
            case .stopped: throw .busy("the service is being stopped")
            }
        }
    }

    /// Does the same with each item, in slices, and returns the results in the items' order. From the first slice on that is refused, all items
    /// have the failure ``KMSError/busy(_:)``.
    package func each<Item: Sendable, Output: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) -> ItemResult<Output>
    ) async -> [ItemResult<Output>] {
        var results: [ItemResult<Output>] = []
        results.reserveCapacity(items.count)
        while results.count < items.count {
            let rest = items[results.count...]
            do throws(KMSError) {
                results += try await run {
                    let end = MonotonicTime.now + Self.slice
                    var part: [ItemResult<Output>] = []
                    for item in rest {
                        part.append(body(item))
                        if .now >= end { break }
                    }
                    return part
                }
            } catch {
                results += repeatElement(.failure(error), count: rest.count)
            }
        }
        return results
    }

    /// Lets running work end, and refuses what waits.
    package func stop() async { await pool.stop() }
}
