import KeyManagement

/// Whether token and store can be used, asked at most once a second and by one caller at a time: nobody needs a
/// credential to ask, and a token is slow and easily kept busy.
actor Readiness {
    private let service: KeyService
    private let lifetime: Duration
    private var last: (error: KMSError?, at: ContinuousClock.Instant)?
    /// The question that is under way; whoever comes meanwhile waits for its answer.
    private var question: Task<KMSError?, Never>?

    init(service: KeyService, lifetime: Duration = .seconds(1)) {
        self.service = service
        self.lifetime = lifetime
    }

    /// What stands in the way; nil when nothing does.
    func check() async -> KMSError? {
        if let last, .now - last.at < lifetime { return last.error }
        if let question { return await question.value }
        let asked = Task { await ask() }
        question = asked
        let error = await asked.value
        question = nil
        last = (error, .now)
        return error
    }

    private func ask() async -> KMSError? {
        do throws(KMSError) {
            try await service.checkHealth()
            return nil
        } catch {
            return error
        }
    }
}
