import KMSClient

extension KeyAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
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
        table.add("state", .state(stateText))
        table.add("deleted", timeIfAny: deletionDueAt)
        table.add("material until", timeIfAny: materialExpiresAt)
        table.add("reason", ifAny: reason.map { $0 + (comment.map { ": \($0)" } ?? "") })
        table.add("default version", defaultVersion.map(String.init) ?? "none")
        table.add("versions", "\(versionCount)")
        table.add("rotation", rotationDays.map { "every \($0) days" } ?? "manual")
        table.add("last rotated", timeIfAny: lastRotatedAt)
        table.add("next rotation", timeIfAny: nextRotationAt)
        table.add("created", .time(createdAt))
        table.add("changed", .time(changedAt))
        if let version { table.add("version \(version.number)", .state(version.stateText(in: style))) }
        return table.text(in: style)
    }

    /// The state, and whether the key can be used.
    var stateText: String {
        deletionDueAt != nil ? "\(state) (to be deleted)" : enabled ? state : "\(state) (disabled)"
    }

    /// The time at which the key or its version ends, as in "on 2027-01-30 (in 30 days)"; empty if none is set.
    func dueText(_ time: String?, _ style: TextStyle) -> String {
        time.map { " on " + Cell.time($0).plain(in: style, isProperty: true) } ?? ""
    }
}

extension VersionAnswer: PrintableAnswer {
    func text(in style: TextStyle) -> String {
        var table = PropertyTable()
        table.add("version", "\(number)")
        table.add("state", .state(stateText(in: style)))
        table.add("created", .time(createdAt))
        table.add("changed", .time(changedAt))
        table.add("blob was (SHA-256)", ifAny: blobDigest)
        table.add("check value", ifAny: checkValue)
        return table.text(in: style)
    }

    /// The state, with what is due and the reason.
    func stateText(in style: TextStyle) -> String {
        func time(_ text: String) -> String { Cell.time(text).plain(in: style, isProperty: true) }
        var text = state
        if let due = destroyAt { text += ", destroyed on \(time(due))" }
        if let expiry = materialExpiresAt { text += ", material until \(time(expiry))" }
        if let reason { text += " (\(reason)\(comment.map { ": \($0)" } ?? ""))" }
        return text
    }
}

extension ImpactAnswer: PrintableAnswer {
    /// The versions that the change affects, and whether it needs an approval; empty if there are none and it does not.
    func text(in style: TextStyle) -> String {
        let approval = impact.approvalRequired ? "The change needs an approval.\n" : ""
        guard !versions.isEmpty else { return approval }
        var table = Table("VERSION", "NOW", "THEN", "STOPS", "PRODUCED", "CONSUMED", "LAST USED")
        for version in versions {
            table.add(
                "\(version.number)", .text(version.before), .text(version.after),
                version.stops.isEmpty ? .none() : .text(version.stops.joined(separator: ",")),
                "\(version.usage.produced)", "\(version.usage.consumed)",
                .time(version.usage.lastUsedAt, else: "not in \(version.usage.days) days"))
        }
        return approval + table.text(in: style)
    }
}

extension KeyChangeAnswer: Encodable {
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .changed(let key): try key.encode(to: encoder)
        case .planned(let impact): try impact.encode(to: encoder)
        }
    }
}
