extension KeyService {
    /// Returns the only key of a service in the caller's project, and creates it if it does not exist. Requires an agent of the
    /// service.
    ///
    /// The key has the algorithm AES256-GCM96, and the system rotates it every 365 days.
    ///
    /// - Returns: the key, and true if this call created it.
    package func obtainServiceKey(by caller: Caller) async throws(KMSError) -> (key: KeyRecord, isNew: Bool) {
        try await withAudit(.obtainServiceKey, by: caller) { (operation) throws(KMSError) in
            guard let service = caller.principal.kind.service else { throw .accessDenied(reason: "no service") }
            let name = try KeyName.ofServiceKey(service)
            // Another agent may create it between the read and the creation.
            for _ in 0..<8 {
                do throws(KMSError) {
                    let key = try await operation.find(.name(name), with: .none).record
                    guard key.kind == .service(service) else { throw records.tampered(key.sealedName) }
                    return (key, false)
                } catch {
                    guard case .keyNotFound = error else { throw error }
                }
                if let key = try await makeServiceKey(
                    of: service, named: name, by: caller, for: operation)
                {
                    return (key, true)
                }
            }
            throw .conflict
        }
    }

    /// Creates the service key.
    ///
    /// - Returns: `nil` if another agent created it first.
    private func makeServiceKey(
        of service: ServiceName, named name: KeyName, by caller: Caller, for operation: OperationContext
    ) async throws(KMSError) -> KeyRecord? {
        let id = KeyID()
        let new = try await operation.generateMaterial(.aes256GCM96, for: .encryptDecrypt, of: id)
        let now = clock.now
        var key = KeyRecord(
            id: id, project: caller.project, name: name, description: .none, algorithm: .aes256GCM96,
            usage: .encryptDecrypt, origin: .generated, kind: .service(service), owner: caller.subject,
            availability: .enabled, versions: .empty, rotation: RotationPolicy.schedule(every: .standard, from: now),
            revision: 1, createdAt: now, changedAt: now)
        let version = try key.addFirstVersion(new, at: now)
        do throws(KMSError) {
            _ = try await operation.store(
                ChangedKey(key: key, version: version), [version], answer: nil, options: .plain)
            return key
        } catch {
            guard case .keyNameTaken = error else { throw error }
            return nil
        }
    }
}
