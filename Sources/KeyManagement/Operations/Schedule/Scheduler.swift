internal import Logging

/// The background task that runs due tasks repeatedly, until its task is cancelled.
package struct Scheduler: Sendable {
    private let service: KeyService
    private let interval: Duration

    /// Creates a scheduler.
    ///
    /// - Parameters:
    ///   - service: the service whose due tasks are run.
    ///   - interval: the mean pause when nothing is left to do. A due task waits up to 1.2 times that long.
    package init(service: KeyService, interval: Duration = .seconds(30)) {
        self.service = service
        self.interval = interval
    }

    package func run() async {
        while !Task.isCancelled {
            let report = await service.runDueTasks()
            if report.hasMore { continue }
            // Avoid that every process of a store runs at the same moment.
            let rest = interval * Double.random(in: 0.8...1.2)
            do {
                try await Task.sleep(for: rest)
            } catch {
                break
            }
        }
        await service.storeCounts()
    }
}

extension KeyService {
    /// Stores the usage counts. Call it before the store is closed.
    package func storeCounts() async {
        await meters.flush()
        let uses = credentialUses.take()
        guard !uses.isEmpty else { return }
        do throws(StoreError) {
            try await upkeep.noteUses(uses)
        } catch {
            logger.warning("the last uses of credentials cannot be stored", metadata: ["cause": "\(error)"])
        }
    }
}
