internal import Logging

/// Does what is due, now and again and again, until its task is cancelled.
public struct Scheduler: Sendable {
    private let service: KeyService
    private let interval: Duration

    /// - Parameter interval: how long it rests when nothing is left to do. A due time is met that late at most.
    public init(service: KeyService, interval: Duration = .seconds(30)) {
        self.service = service
        self.interval = interval
    }

    public func run() async {
        while !Task.isCancelled {
            let report = await service.doWhatIsDue()
            if report.hasMore { continue }
            // Not to the same moment in every process of a store.
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
    /// Stores what was counted; call before the store is closed.
    public func storeCounts() async {
        await meters.flush()
        let uses = credentialUses.take()
        guard !uses.isEmpty else { return }
        do throws(StoreError) {
            try await store.noteUses(uses)
        } catch {
            logger.warning("the last uses of credentials cannot be stored", metadata: ["cause": "\(error)"])
        }
    }
}
