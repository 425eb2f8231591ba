import KeyManagement

/// Whether token and store can be used, asked at most once a second: nobody needs a credential to ask, and a token is
/// slow and easily kept busy.
actor Readiness {
    private let service: KeyService
    private let lifetime: Duration
    private var last: (task: Task<KMSError?, Never>, at: ContinuousClock.Instant)?

    init(service: KeyService, lifetime: Duration = .seconds(1)) {
        self.service = service
        self.lifetime = lifetime
    }

    /// What stands in the way; nil when nothing does.
    func check() async -> KMSError? {
        let now = ContinuousClock.now
        if let last, now - last.at < lifetime { return await last.task.value }
        // One task for all who ask meanwhile; it ends at the deadlines of token and store.
        let task = Task { [service] () -> KMSError? in
            do throws(KMSError) {
                try await service.checkHealth()
                return nil
            } catch {
                return error
            }
        }
        last = (task, now)
        return await task.value
    }
}
