import Encodings
import HTTPTypes
import JSONText
import KeyManagement

extension Endpoint {
    static let listVersions = Endpoint(
        list: "keys/{key}/versions", "listVersions", "Lists the versions of a key, newest first", guide: .listVersions,
        verb: .describeKey, answer: Answers.page("versions", of: Answers.version, capacity: 256),
        message: "versions of the key", failures: [.keyNotFound]
    ) { request, query in
        try await request.service.listVersions(
            of: request.key(), after: query.cursor, limit: query.limit, by: request.caller)
    }

    static let describeVersion = Endpoint(
        .get, "keys/{key}/versions/{version}", "describeVersion", "Describes a version", guide: .describeVersion,
        verb: .describeKey,
        answer: Answers.version, message: "version", failures: [.keyNotFound, .versionNotFound]
    ) { request in
        try await request.service.describeVersion(request.version(), of: request.key(), by: request.caller)
    }

    static let versionUsage = Endpoint(
        .get, "keys/{key}/versions/{version}/usage", "versionUsage", "Returns how often a version was used",
        guide: .versionUsage,
        verb: .describeKey, answer: Answers.usage, message: "uses of the version",
        failures: [.keyNotFound, .versionNotFound]
    ) { request in
        try await request.service.versionUsage(request.version(), of: request.key(), by: request.caller)
    }
}

extension Answers {
    /// A version, without its blob.
    static let version = Answer<VersionRecord>(
        "Version",
        [
            .must("number", .version), .must("state", .one(of: VersionState.self)), .must("isDefault", .flag),
            .must("algorithm", .algorithm), .must("origin", .one(of: KeyOrigin.self)), .must("createdAt", .time),
            .must("changedAt", .time), .may("destroyAt", .time), .may("materialExpiresAt", .time),
            .may("cause", .one(of: VersionCause.self)),
            .may("blobDigest", Schema.hex.described("SHA-256 of the destroyed blob.")), .may("checkValue", .hex),
        ] + note
    ) { writer, version in
        writer.field("number", version.id.number.value)
        writer.field("state", version.state.rawValue)
        writer.field("isDefault", version.state == .active)
        writer.field("algorithm", version.algorithm.rawValue)
        writer.field("origin", version.origin.rawValue)
        writer.field("createdAt", version.createdAt.description)
        writer.field("changedAt", version.changedAt.description)
        writer.note(version.note)
        switch version.life {
        case .active, .deactivated: break
        case .pendingDestruction(_, let due): writer.field("destroyAt", due.description)
        case .destroyed(let digest): writer.field("blobDigest", Hexadecimal.text(digest))
        }
        if let expiry = version.materialExpiry?.time { writer.field("materialExpiresAt", expiry.description) }
        if let cause = version.cause { writer.field("cause", cause.rawValue) }
        if let checkValue = version.checkValue { writer.field("checkValue", Hexadecimal.text(checkValue.bytes)) }
    }

    /// The numbers of uses of a version.
    static let usage = Answer<UsageSummary>(
        "Usage",
        [
            .must("days", Schema.count.described("The number of days that the counters cover.")),
            .must("produced", .count),
            .must("consumed", .count), .must("lastUsedAt", Schema.time.orNull),
        ]
    ) { writer, usage in
        writer.field("days", UsageSummary.days)
        writer.field("produced", usage.produced)
        writer.field("consumed", usage.consumed)
        writer.field("lastUsedAt", optional: usage.lastAt?.description)
    }
}
