import KeyManagement

// The one place where failures of PostgreSQL become failures of the store.

extension StoreError {
    /// Maps a failure of a database call.
    ///
    /// A violated constraint is a lost race: the domain has checked its request, so a concurrent change came first. Only where a
    /// document is written, it may also be a name.
    init(_ failure: DatabaseFailure) {
        switch failure {
        case .refused(let error): self.init(error)
        case .broken(let reason): self = .unavailable("the database cannot be reached: \(reason)")
        case .late: self = .busy("the database did not answer in time")
        }
    }

    private init(_ error: ServerError) {
        let text = "\(error.message), SQLSTATE \(error.state)"
        switch error.state.remedy {
        case .repeatTransaction: self = .busy("other changes came in between too often (\(text))")
        case .wait: self = .busy("the database is overloaded (\(text))")
        case .lostRace: self = .conflict
        case .reconnect, .none: self = .unavailable("the database cannot be used (\(text))")
        }
    }
}
