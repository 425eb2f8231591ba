/// A credential as it appears in a list.
package struct ListedCredential: Sendable {
    package let record: CredentialRecord
    package let lastUsedAt: Timestamp?
}

extension KeyService {
    /// Returns the credentials of a subject, including those that were revoked or have expired.
    package func listCredentials(
        of subject: SubjectID, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by principal: Principal
    ) async throws(KMSError) -> Page<ListedCredential> {
        try await withAudit(.readCredentials, by: principal, details: ["target": subject.text]) {
            (_) throws(KMSError) in
            _ = try await knownSubject(subject)
            await storeCounts()
            let page = try await listDirectory(
                CredentialRecord.self, ["credentials", subject.text], of: subject.text, after: cursor, limit: limit,
                for: principal
            ) { _ in true }
            var listed: [ListedCredential] = []
            for record in page.items {
                let lastUse = try await atStore { () throws(StoreError) in try await reader.lastUse(of: record.hash) }
                listed.append(ListedCredential(record: record, lastUsedAt: lastUse))
            }
            return Page(items: listed, next: page.next)
        }
    }
}
