extension KeyService {
    /// Goes once through the whole store, part by part, and holds each record against the state digest: also records that nobody uses.
    ///
    /// - Parameter pause: between two parts of 200 records, so that others are served.
    /// - Returns: the findings of the first part that has some; empty when the store is whole.
    public func watchState(pause: Duration = .milliseconds(100)) async throws(KMSError) -> [String] {
        var next: StoreCursor? = .start
        while let cursor = next {
            guard !Task.isCancelled else { return [] }
            let page: [StoredRecord]
            do throws(StoreError) {
                page = try await store.records(of: cursor.kind, before: .last, after: cursor.place, limit: 200)
            } catch .malformed(let name) {
                return ["\(name) cannot be read for what it is"]
            } catch {
                throw KMSError(error)
            }
            let findings = try await outdated(page, of: cursor, 200)
            guard findings.isEmpty else { return findings }
            next =
                page.count >= 200
                ? page.last.map { StoreCursor(kind: cursor.kind, place: $0.place) }
                : cursor.kind.next.map { StoreCursor(kind: $0, place: nil) }
            try? await Task.sleep(for: pause)
        }
        return try await missing()
    }
}
