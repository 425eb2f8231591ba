import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let describeKey = Endpoint(
        .get, "keys/{key}", "describeKey", "Describes a key", guide: .describeKey, verb: .describeKey,
        answer: Answers.key, message: "key",
        failures: [.keyNotFound]
    ) { request in
        try await request.service.describeKey(request.key(), by: request.caller)
    }
}

extension Endpoint {
    static let readKeyUsage = Endpoint(
        .get, "keys/{key}/usage", "readKeyUsage", "Returns who used a key in the last 90 days, and how",
        guide: .readKeyUsage,
        verb: .readKeyUsage,
        answer: Answers.keyUses, message: "uses of the key", failures: [.keyNotFound]
    ) { request in
        try await request.service.readKeyUsage(of: request.key(), by: request.caller)
    }
}

extension Answers {
    /// The uses of a key, the latest first.
    fileprivate static let keyUses = list("uses", of: keyUse, capacity: 192)

    private static let keyUse = Answer<KeyUse>(
        "KeyUse",
        [
            .must("subject", .subjectName), .must("verb", .one(of: Verb.self)), .must("count", .count),
            .must("lastUsedAt", .time),
        ]
    ) { writer, use in
        writer.field("subject", use.subject.text)
        writer.field("verb", use.verb.rawValue)
        writer.field("count", use.count)
        writer.field("lastUsedAt", use.lastAt.description)
    }

    static let key = Answer<KeyRecord>("Key", keyFields) { $0.fields(of: $1) }

    /// A key after a change, with the version that the change concerned.
    static let changedKey = Answer<ChangedKey>("ChangedKey", changedKeyFields) {
        writer, changed in
        writer.fields(of: changed.key)
        if let version = changed.version { writer.object("version") { Answers.version.write(&$0, version) } }
        if let replaced = changed.replaced { writer.field("previousVersion", replaced.value) }
    }

    static let changedKeyFields =
        keyFields + [
            Property.may("version", version.schema),
            .may(
                "previousVersion",
                Schema.version.described("The default version before the change, if the change replaced it.")),
        ]

    private static let keyFields: [Property] =
        [
            .must("id", .uuid), .must("name", .keyName), .must("description", .text),
            .must("tags", .pairs(of: .text)), .must("project", .projectName), .must("algorithm", .algorithm),
            .must("usage", .one(of: KeyUsage.self)), .must("origin", .one(of: KeyOrigin.self)),
            .must("kind", .one(of: ["user", "service"])), .may("service", .serviceName),
            .must("owner", Schema.subjectName.orNull), .must("accessControl", .flag),
            .must("state", .one(of: KeyState.self)), .must("enabled", .flag), .may("deletionDueAt", .time),
            .may("materialExpiresAt", .time), .must("defaultVersion", Schema.version.orNull),
            .must("versionCount", .count), .must("rotationDays", Schema.number(1...RotationPeriod.maxDays).orNull),
            .must("nextRotationAt", Schema.time.orNull), .must("lastRotatedAt", Schema.time.orNull),
            .must("createdAt", .time), .must("changedAt", .time), .must("revision", .revision),
        ] + note

    /// The reason and comment recorded with a change; both optional.
    static let note: [Property] = [.may("reason", .one(of: ChangeReason.self)), .may("comment", .text)]
}

extension JSONWriter {
    /// Writes the fields of a key.
    fileprivate mutating func fields(of key: KeyRecord) {
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

    /// Writes the reason for the last change, if one was given.
    mutating func note(_ note: ChangeNote?) {
        guard let note else { return }
        field("reason", note.reason.rawValue)
        if !note.comment.text.isEmpty { field("comment", note.comment.text) }
    }
}
