import KeyManagement

extension EndpointGroup {
    static let keys = EndpointGroup(
        "keys", "Keys: creation, description, rotation, state and deletion, and their grants.",
        [
            .listKeys, .createKey, .describeKey, .readKeyUsage, .updateKey, .deleteKey, .rotateKey, .activateKey,
            .enableKey,
            .disableKey, .scheduleDeletion, .cancelDeletion, .deleteImportedMaterial, .listGrants, .createGrant,
            .revokeGrant,
        ])
}

extension PathParameter {
    static let key = PathParameter("key", "The name or the id of a key.", .keyName)
}

extension EndpointRequest {
    /// Returns the key that the path names, by id or by name.
    func key() throws(KMSError) -> KeyReference { try KeyReference(try text(.key, "the key in the path")) }
}
