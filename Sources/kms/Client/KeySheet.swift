import KeyManagement

/// Shows keys and versions as text for people, or as JSON for programs.
enum KeySheet {
    static func show(_ key: KeyAnswer, json: Bool) throws {
        if json {
            try JSONText.write(key)
            return
        }
        var sheet = Sheet()
        sheet.add("name", key.name)
        sheet.add("id", key.id)
        if !key.description.isEmpty { sheet.add("description", key.description) }
        for tag in key.tags?.sorted ?? [] { sheet.add("tag", "\(tag.name)=\(tag.value)") }
        sheet.add("project", key.project)
        sheet.add("algorithm", key.algorithm)
        sheet.add("usage", key.usage)
        sheet.add("origin", key.origin)
        if let service = key.service { sheet.add("kind", "key of service \(service)") }
        if let owner = key.owner { sheet.add("owner", owner) }
        if key.accessControl == true { sheet.add("access control", "on") }
        let use = key.deletionDueAt.map { " (deleted on \($0))" } ?? (key.enabled ? "" : " (disabled)")
        sheet.add("state", key.state + use)
        if let expiry = key.materialExpiresAt { sheet.add("material until", expiry) }
        if let reason = key.reason { sheet.add("reason", reason + (key.comment.map { ": \($0)" } ?? "")) }
        sheet.add("default version", key.defaultVersion.map(String.init) ?? "none")
        sheet.add("versions", "\(key.versionCount)")
        sheet.add("rotation", key.rotationDays.map { "every \($0) days" } ?? "manual")
        if let last = key.lastRotatedAt { sheet.add("last rotated", last) }
        if let next = key.nextRotationAt { sheet.add("next rotation", next) }
        sheet.add("created", key.createdAt)
        sheet.add("changed", key.changedAt)
        if let version = key.version { sheet.add("version \(version.number)", state(of: version)) }
        try StandardOutput.write(sheet.text)
    }

    static func show(_ version: VersionAnswer, json: Bool) throws {
        if json {
            try JSONText.write(version)
            return
        }
        var sheet = Sheet()
        sheet.add("version", "\(version.number)")
        sheet.add("state", state(of: version))
        sheet.add("created", version.createdAt)
        sheet.add("changed", version.changedAt)
        if let digest = version.blobDigest { sheet.add("blob was (SHA-256)", digest) }
        if let value = version.checkValue { sheet.add("check value", value) }
        try StandardOutput.write(sheet.text)
    }

    static func show(_ impact: ImpactAnswer, json: Bool) throws {
        if json {
            try JSONText.write(impact)
            return
        }
        try StandardOutput.write(
            "dry run: nothing was changed; key \(impact.key.name) would be \(impact.key.state)"
                + (impact.key.enabled ? "" : " (disabled)") + "\n")
        guard !impact.versions.isEmpty else { return }
        var table = Table("VERSION", "NOW", "THEN", "STOPS", "PRODUCED", "CONSUMED", "LAST USED (90 DAYS)")
        for version in impact.versions {
            table.add(
                "\(version.number)", version.before, version.after,
                version.stops.isEmpty ? "-" : version.stops.joined(separator: ","), "\(version.usage.produced)",
                "\(version.usage.consumed)", version.usage.lastUsedAt ?? "never")
        }
        try StandardOutput.write(table.text)
    }

    private static func state(of version: VersionAnswer) -> String {
        var text = version.state
        if let due = version.destroyAt { text += ", destroyed on \(due)" }
        if let expiry = version.materialExpiresAt { text += ", material until \(expiry)" }
        if let reason = version.reason { text += " (\(reason)\(version.comment.map { ": \($0)" } ?? ""))" }
        return text
    }
}
