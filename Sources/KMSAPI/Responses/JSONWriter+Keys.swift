import Encodings
import JSONText
import KeyManagement

extension JSONWriter {
    /// Writes the fields of a key.
    mutating func fields(of key: KeyRecord) {
        field("id", key.id.description)
        field("name", key.name.text)
        field("description", key.description.text)
        field("tags", key.tags.sorted)
        field("project", key.project.text)
        field("algorithm", key.algorithm.rawValue)
        field("usage", key.usage.rawValue)
        field("origin", key.origin.rawValue)
        field("kind", key.kind.service == nil ? "user" : "service")
        if let service = key.kind.service { field("service", service.text) }
        field("owner", optional: key.owner?.text)
        field("accessControl", key.access != .byRole)
        field("state", key.state.rawValue)
        field("enabled", key.availability == .enabled)
        if let due = key.deletionDueAt { field("deletionDueAt", due.description) }
        if let expiry = key.defaultMaterialExpiresAt { field("materialExpiresAt", expiry.description) }
        if let version = key.versions.active {
            field("defaultVersion", version.value)
        } else {
            null("defaultVersion")
        }
        field("versionCount", key.versions.count)
        if let rotation = key.rotation {
            field("rotationDays", rotation.period.days)
            field("nextRotationAt", rotation.dueAt.description)
        } else {
            null("rotationDays")
            null("nextRotationAt")
        }
        field("lastRotatedAt", optional: key.rotatedAt?.description)
        field("createdAt", key.createdAt.description)
        field("changedAt", key.changedAt.description)
        field("revision", key.revision)
        note(key.availabilityNote)
    }

    /// Writes the fields of a version, without its blob.
    mutating func fields(of version: VersionRecord) {
        field("number", version.id.number.value)
        field("state", version.state.rawValue)
        field("isDefault", version.state == .active)
        field("algorithm", version.algorithm.rawValue)
        field("origin", version.origin.rawValue)
        field("createdAt", version.createdAt.description)
        field("changedAt", version.changedAt.description)
        note(version.note)
        switch version.life {
        case .active, .deactivated: break
        case .pendingDestruction(_, let due): field("destroyAt", due.description)
        case .destroyed(let digest): field("blobDigest", Hexadecimal.text(digest))
        }
        if let expiry = version.materialExpiry?.time { field("materialExpiresAt", expiry.description) }
        if let cause = version.cause { field("cause", cause.rawValue) }
        if let checkValue = version.checkValue { field("checkValue", Hexadecimal.text(checkValue.bytes)) }
    }

    /// Writes the reason for the last change, if one was given.
    private mutating func note(_ note: ChangeNote?) {
        guard let note else { return }
        field("reason", note.reason.rawValue)
        if !note.comment.text.isEmpty { field("comment", note.comment.text) }
    }

    /// Writes the fields of an alias.
    mutating func fields(of alias: AliasRecord) {
        field("alias", alias.name.text)
        field("keyId", alias.key.description)
        field("changedAt", alias.changedAt.description)
        if let createdAt = alias.createdAt { field("createdAt", createdAt.description) }
    }

    /// Writes the fields of an import job, without its private key.
    mutating func fields(of job: ImportJob) {
        field("id", job.id.description)
        field("wrappingAlgorithm", job.wrappingAlgorithm.rawValue)
        field("method", job.method.rawValue)
        field("publicKey", base64: job.publicKey.der)
        field("createdAt", job.createdAt.description)
        field("expiresAt", job.expiresAt.description)
    }

    /// Writes the usage of a version.
    mutating func fields(of usage: UsageSummary) {
        field("days", UsageSummary.days)
        field("produced", usage.produced)
        field("consumed", usage.consumed)
        field("lastUsedAt", optional: usage.lastAt?.description)
    }

    /// Writes the cursor of a list's next page.
    mutating func next(_ cursor: ListCursor?) {
        field("next", optional: cursor?.text)
    }
}
