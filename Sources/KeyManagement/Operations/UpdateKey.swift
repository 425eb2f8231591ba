extension KeyService {
    /// Changes name and description; what is nil stays as it is.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``, ``KMSError/invalidRequest(_:)`` when there is nothing to change.
    public func updateKey(
        _ reference: KeyReference, name: KeyName? = nil, description: KeyDescription? = nil, by caller: Caller
    ) async throws(KMSError) -> KeyRecord {
        try caller.require(.updateKey)
        guard name != nil || description != nil else {
            throw .invalidRequest("nothing to change: give a name or a description")
        }
        let key = try await change(reference, for: caller, newName: name) { (key, _, _) throws(KMSError) in
            if let name { key.name = name }
            if let description { key.description = description }
            return VersionChanges()
        }
        logChange("key updated", of: key, by: caller)
        return key
    }
}
