// The only place where failures of the ports become failures of the service.

extension KMSError {
    init(_ error: TokenError) {
        switch error {
        case .busy(let what): self = .busy(what)
        case .unavailable(let what): self = .tokenUnavailable(what)
        case .rejected: self = .decryptionFailed
        case .unwrapFailed(let what): self = .internalFailure("a wrapped key does not unwrap: \(what)")
        case .unsupported(let what): self = .unsupported(what)
        case .failed(let what): self = .internalFailure("the token failed: \(what)")
        }
    }

    init(_ error: AuditError) {
        switch error {
        case .busy(let what): self = .busy(what)
        case .unavailable(let what): self = .auditUnavailable(what)
        }
    }

    /// Converts a failure of the store.
    ///
    /// - Parameter name: the name that a change requested, if any.
    init(_ error: StoreError, name: KeyName? = nil) {
        switch error {
        case .conflict, .repeated, .stateMoved: self = .conflict
        case .nameTaken:
            self = name.map { .keyNameTaken($0) } ?? .internalFailure("the store refuses a name that nobody asked for")
        case .malformed(let what): self = .recordTampered(what)
        case .busy(let what): self = .busy(what)
        case .unavailable(let what): self = .storeUnavailable(what)
        }
    }
}

/// Runs one call of a token and converts its failure.
func atToken<Result>(_ body: () async throws(TokenError) -> Result) async throws(KMSError) -> Result {
    do throws(TokenError) {
        return try await body()
    } catch {
        throw KMSError(error)
    }
}

/// Runs one call of a store and converts its failure.
func atStore<Result>(
    name: KeyName? = nil, _ body: () async throws(StoreError) -> Result
) async throws(KMSError) -> Result {
    do throws(StoreError) {
        return try await body()
    } catch {
        throw KMSError(error, name: name)
    }
}

extension Result where Failure == StoreError {
    /// Returns the value, or throws the failure as a failure of the service.
    func orThrow() throws(KMSError) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(let error): throw KMSError(error)
        }
    }
}
