internal import Logging
import Synchronization

/// The background task that puts records under the latest roots, until its task is cancelled.
///
/// It keeps no progress, because each record states its epoch. So it continues after a crash, and any number of processes may
/// run it on one store.
package struct Rewrapper: Sendable {
    private let service: KeyService
    private let interval: Duration

    /// Creates a rewrapper.
    ///
    /// - Parameters:
    ///   - service: the service whose records are rewrapped.
    ///   - interval: the interval at which it looks for records under earlier roots.
    package init(service: KeyService, interval: Duration = .milliseconds(250)) {
        self.service = service
        self.interval = interval
    }

    package func run() async {
        while !Task.isCancelled {
            var rest = interval
            do throws(KMSError) {
                try await service.rewrapWhatIsDue()
            } catch {
                service.logger.error("rewrapping was interrupted", metadata: ["cause": "\(error.logDetail)"])
                rest = .seconds(2)
            }
            do { try await Task.sleep(for: rest) } catch { return }
        }
    }
}
