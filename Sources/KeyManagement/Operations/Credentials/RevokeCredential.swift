extension KeyService {
    /// Revokes a credential.
    package func revokeCredential(_ id: CredentialID, by principal: Principal) async throws(KMSError)
        -> CredentialRecord
    {
        try await withAudit(.revokeCredential, by: principal, details: ["credential": id.text]) {
            (operation) throws(KMSError) in
            for _ in 0..<8 {
                guard var credential = try await credential(id) else { throw .credentialNotFound(id) }
                operation.recorder.note { $0.details["target"] = credential.subject.text }
                guard credential.revokedAt == nil else { return credential }
                credential.revokedAt = clock.now
                credential.revision += 1
                if try await operation.save(credential) { return credential }
            }
            throw .conflict
        }
    }

    /// Returns a credential by its id; `nil` if it does not exist.
    func credential(_ id: CredentialID) async throws(KMSError) -> CredentialRecord? {
        // Keys are the hashes in hexadecimal digits. The first key at or after the id must begin with it.
        let stored = try await records.read { () throws(StoreError) in
            try await reader.documents(.credential, of: nil, after: id.text, limit: 1)
        }
        let found: [CredentialRecord] = try await records.verified(stored)
        return found.first.flatMap { $0.id == id ? $0 : nil }
    }
}
