import KMSClient

extension KeyAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("name", name)
        table.add("id", id)
        if !description.isEmpty { table.add("description", description) }
        for tag in tags?.sorted ?? [] { table.add("tag", "\(tag.name)=\(tag.value)") }
        table.add("project", project)
        table.add("algorithm", algorithm)
        table.add("usage", usage)
        table.add("origin", origin)
        table.add("kind", ifAny: service.map { "key of service \($0)" })
        table.add("owner", ifAny: owner)
        if accessControl == true { table.add("access control", "on") }
        let use = deletionDueAt.map { " (deleted on \($0))" } ?? (enabled ? "" : " (disabled)")
        table.add("state", state + use)
        table.add("material until", ifAny: materialExpiresAt)
        table.add("reason", ifAny: reason.map { $0 + (comment.map { ": \($0)" } ?? "") })
        table.add("default version", defaultVersion.map(String.init) ?? "none")
        table.add("versions", "\(versionCount)")
        table.add("rotation", rotationDays.map { "every \($0) days" } ?? "manual")
        table.add("last rotated", ifAny: lastRotatedAt)
        table.add("next rotation", ifAny: nextRotationAt)
        table.add("created", createdAt)
        table.add("changed", changedAt)
        if let version { table.add("version \(version.number)", version.stateText) }
        return table.text
    }
}

extension VersionAnswer: PrintableAnswer {
    var text: String {
        var table = PropertyTable()
        table.add("version", "\(number)")
        table.add("state", stateText)
        table.add("created", createdAt)
        table.add("changed", changedAt)
        table.add("blob was (SHA-256)", ifAny: blobDigest)
        table.add("check value", ifAny: checkValue)
        return table.text
    }

    /// The state, with what is due and the reason.
    var stateText: String {
        var text = state
        if let due = destroyAt { text += ", destroyed on \(due)" }
        if let expiry = materialExpiresAt { text += ", material until \(expiry)" }
        if let reason { text += " (\(reason)\(comment.map { ": \($0)" } ?? ""))" }
        return text
    }
}

extension ImpactAnswer: PrintableAnswer {
    var text: String {
        var summary =
            "dry run: nothing was changed; key \(key.name) would be \(key.state)\(key.enabled ? "" : " (disabled)")\n"
        if impact.approvalRequired { summary += "the change needs an approval\n" }
        guard !versions.isEmpty else { return summary }
        var table = Table("VERSION", "NOW", "THEN", "STOPS", "PRODUCED", "CONSUMED", "LAST USED (90 DAYS)")
        for version in versions {
            table.add(
                "\(version.number)", version.before, version.after,
                version.stops.isEmpty ? "-" : version.stops.joined(separator: ","), "\(version.usage.produced)",
                "\(version.usage.consumed)", version.usage.lastUsedAt ?? "never")
        }
        return summary + table.text
    }
}

extension KeyChangeAnswer: PrintableAnswer {
    var text: String {
        switch self {
        case .changed(let key): key.text
        case .planned(let impact): impact.text
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .changed(let key): try key.encode(to: encoder)
        case .planned(let impact): try impact.encode(to: encoder)
        }
    }
}
