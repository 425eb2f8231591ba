extension KeyService {
    /// The one key of a service in the caller's project; made when there is none yet. Only an agent of the service gets it.
    ///
    /// It is of AES256-GCM96 and rotated every 365 days by the system.
    ///
    /// - Returns: the key, and whether this call made it.
    public func obtainServiceKey(by caller: Caller) async throws(KMSError) -> (key: KeyRecord, isNew: Bool) {
        try await perform(.obtainServiceKey, by: caller) { (act) throws(KMSError) in
            guard let service = caller.principal.kind.service else { throw .accessDenied(reason: "no service") }
            let name = try KeyName.ofServiceKey(service)
            // Another agent may make it between the look and the making.
            for _ in 0..<8 {
                do throws(KMSError) {
                    let key = try await authorize(.name(name), with: .none, for: act).record
                    guard key.kind == .service(service) else { throw records.tampered(key.sealedName) }
                    return (key, false)
                } catch {
                    guard case .keyNotFound = error else { throw error }
                }
                if let key = try await makeServiceKey(of: service, named: name, for: act) { return (key, true) }
            }
            throw .conflict
        }
    }

    /// - Returns: nil when somebody else was faster.
    private func makeServiceKey(
        of service: ServiceName, named name: KeyName, for act: Act
    ) async throws(KMSError) -> KeyRecord? {
        let id = KeyID()
        let new = try await generateMaterial(.aes256GCM96, for: .encryptDecrypt, of: id)
        let now = clock.now
        var key = KeyRecord(
            id: id, project: act.project, name: name, description: .none, algorithm: .aes256GCM96,
            usage: .encryptDecrypt, origin: .generated, kind: .service(service), owner: act.caller.subject,
            availability: .enabled, versions: .empty, rotation: RotationPolicy.schedule(every: .standard, from: now),
            revision: 1, createdAt: now, changedAt: now)
        let version = try key.addFirstVersion(new, at: now)
        do throws(KMSError) {
            _ = try await insert(
                ChangedKey(key: key, version: version), [version], answer: nil, options: .plain, for: act)
            return key
        } catch {
            guard case .keyNameTaken = error else { throw error }
            return nil
        }
    }
}
