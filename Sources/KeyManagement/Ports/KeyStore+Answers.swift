// Answers to idempotent requests.
extension KeyStore {
    package func answer(_ id: IdempotentRequestID) async throws(StoreError) -> Sealed<IdempotentAnswer>? {
        try await record(at: RecordPlace(.bytes(id.bytes)))
    }

    /// Returns at most `limit` answers that were given before `moment`, the oldest first.
    package func answers(before moment: Timestamp, limit: Int) async throws(StoreError) -> [IdempotentRequestID] {
        let last = Timestamp(milliseconds: moment.milliseconds == .min ? .min : moment.milliseconds - 1)
        return try await documents(due: .end, of: .answer, by: last, limit: limit).map {
            IdempotentRequestID(bytes: $0.place)
        }
    }

    /// Deletes answers, and ignores those that do not exist.
    package func deleteAnswers(_ ids: [IdempotentRequestID], state: StateChange) async throws(StoreError) {
        _ = try await commit(StoreTransaction(ids.map { .delete(.answer, $0.bytes, from: nil) }, state: state))
    }
}
