import KeyManagement

/// Whether token and store can be used, asked at most once a second and by one caller at a time: nobody needs a
/// credential to ask, and a token is slow and easily kept busy.
actor Readiness {
    private let service: KeyService
    private let lifetime: Duration
    private var last: (error: KMSError?, at: ContinuousClock.Instant)?
    private var isAsking = false

    init(service: KeyService, lifetime: Duration = .seconds(1)) {
        self.service = service
        self.lifetime = lifetime
    }

    /// What stands in the way; nil when nothing does. While one caller waits for token and store, which have deadlines of
    /// their own, the others are told what was found before.
    func check() async -> KMSError? {
        if let last, isAsking || .now - last.at < lifetime { return last.error }
        isAsking = true
        defer { isAsking = false }
        let error = await ask()
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
