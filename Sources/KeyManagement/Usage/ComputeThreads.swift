internal import FoundationEssentials
internal import SystemClock
internal import ThreadExecutor

/// The threads for computation that takes longer than 100 µs, mainly libcrypto's public-key operations.
///
/// Swift's cooperative pool has one thread per core, and all work of the service runs on it. Verifying a batch of signatures
/// there would delay all other requests, including health probes. Here, long work runs in slices of two milliseconds, which
/// alternate between callers. A slice is refused as busy if too many wait, or if it misses its deadline.
package final class ComputeThreads: Sendable {
    /// The threads of this process: as many as it has cores.
    package static let shared = ComputeThreads(threads: ProcessInfo.processInfo.activeProcessorCount, queueLimit: 1024)

    /// The duration of a slice, unless its only item takes longer.
    private static let slice = Duration.milliseconds(2)

    private let pool: ThreadPool
    private let deadline: Duration

    /// Creates a pool of threads.
    ///
    /// - Parameters:
    ///   - threads: the number of threads.
    ///   - queueLimit: the maximum number of waiting slices.
    ///   - deadline: the maximum duration of a slice, including the wait.
    package init(threads: Int, queueLimit: Int, deadline: Duration = .seconds(5)) {
        pool = ThreadPool(name: "compute", threads: max(1, threads), queueLimit: queueLimit)
        self.deadline = deadline
    }

    /// Runs one computation.
    ///
    /// - Throws: ``KMSError/busy(_:)`` if it missed the deadline.
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

    /// Applies `body` to each item, in slices, and returns the results in the order of the items.
    ///
    /// As soon as a slice is refused, all remaining items have the failure ``KMSError/busy(_:)``.
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

    /// Lets running work finish, and refuses waiting work.
    package func stop() async { await pool.stop() }
}
