import KeyManagement

extension JSONWriter {
    /// The fields of a key.
    mutating func fields(of key: KeyRecord) {
        field("id", key.id.description)
        field("name", key.name.text)
        field("description", key.description.text)
        field("project", key.project.text)
        field("algorithm", key.algorithm.rawValue)
        field("usage", key.algorithm.usage.rawValue)
        field("origin", key.origin.rawValue)
        field("state", key.state.rawValue)
        field("enabled", key.availability == .enabled)
        if let version = key.versions.active {
            field("defaultVersion", version.value)
        } else {
            null("defaultVersion")
        }
        field("versionCount", key.versions.count)
        field("createdAt", key.createdAt.description)
        field("changedAt", key.changedAt.description)
        field("revision", key.revision)
    }

    /// The fields of a version; nothing of its blob.
    mutating func fields(of version: VersionRecord) {
        field("number", version.id.number.value)
        field("state", version.state.rawValue)
        field("isDefault", version.state == .active)
        field("algorithm", version.algorithm.rawValue)
        field("origin", version.origin.rawValue)
        field("createdAt", version.createdAt.description)
        field("changedAt", version.changedAt.description)
    }

    /// Where the next page of a list begins.
    mutating func next(_ cursor: (some CustomStringConvertible)?) {
        if let cursor {
            field("next", Cursor.encode(cursor))
        } else {
            null("next")
        }
    }
}
