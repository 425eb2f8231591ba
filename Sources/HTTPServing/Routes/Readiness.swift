import KeyManagement

/// Checks that token and store can be used, at most once a second and one check at a time. Anyone can ask without a credential, and a token
/// is slow and easily kept busy.
actor Readiness {
    private let service: KeyService
    private let lifetime: Duration
    private var last: (error: KMSError?, at: ContinuousClock.Instant)?
    /// The check in progress, whose result all callers in the meantime share.
    private var question: Task<KMSError?, Never>?

    init(service: KeyService, lifetime: Duration = .seconds(1)) {
        self.service = service
        self.lifetime = lifetime
    }

    /// Returns the error that prevents use; nil if there is none.
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
