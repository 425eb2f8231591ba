internal import Logging
internal import Synchronization

/// Reports calls that hang in the module.
final class HangMonitor: Sendable {
    let limit: Int
    private let logger: Logger
    private let reaction = Mutex<(@Sendable () async -> Void)?>(nil)

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    func onHang(_ body: @escaping @Sendable () async -> Void) { reaction.withLock { $0 = body } }

    func note(_ hanging: Int, in threads: String) {
        logger.error(
            "a call hangs in the PKCS#11 module; its thread was replaced",
            metadata: ["threads": "\(threads)", "hanging": "\(hanging)", "limit": "\(limit)"])
        guard let reaction = reaction.withLock({ $0 }) else { return }
        Task { await reaction() }
    }
}
