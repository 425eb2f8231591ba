extension KeyService {
    private static let watchedAtOnce = 200

    /// Makes one pass through the whole store, part by part, and compares each record with the state digest, including records
    /// that no request uses.
    ///
    /// - Parameter pause: the time between two parts of 200 records, in which other requests are served.
    /// - Returns: the findings of the first part that has some; empty if the store is intact.
    package func watchState(pause: Duration = .milliseconds(100)) async throws(KMSError) -> [String] {
        var next: StoreCursor? = .start
        while let cursor = next {
            guard !Task.isCancelled else { return [] }
            let part =
                switch cursor.place {
                case .records(let kind, let after): try await watchRecords(of: kind, after: after)
                case .blobs(let epoch, let after):
                    try await foreignBlobs(from: epoch, after: after, limit: Self.watchedAtOnce)
                }
            guard part.findings.isEmpty else { return part.findings }
            next = part.next
            try? await Task.sleep(for: pause)
        }
        return try await missing()
    }

    private func watchRecords(
        of kind: RecordKind, after: RecordPlace?
    ) async throws(KMSError) -> (findings: [String], next: StoreCursor?) {
        let page: RecordPage
        do throws(StoreError) {
            page = try await reader.page(of: kind, before: .last, after: after, limit: Self.watchedAtOnce)
        } catch .malformed(let name) {
            return (["\(name) cannot be decoded"], nil)
        } catch {
            throw KMSError(error)
        }
        var findings = page.unreadable.map { "\($0) cannot be decoded" }
        findings += try await outdated(page.records, of: kind, after: after, Self.watchedAtOnce)
        return (findings, page.next.map { StoreCursor(.records(kind, after: $0)) } ?? .behind(kind))
    }
}
