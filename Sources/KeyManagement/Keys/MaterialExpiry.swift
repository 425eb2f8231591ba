/// The time at which the imported material of one version is erased.
package enum MaterialExpiry: Hashable, Sendable {
    case never
    case at(Timestamp)

    package init(_ time: Timestamp?) {
        self = time.map { .at($0) } ?? .never
    }

    /// The time; `nil` for material that does not expire.
    package var time: Timestamp? {
        if case .at(let time) = self { time } else { nil }
    }

    /// The value as it is stored and sealed: milliseconds since 1970 in UTC; the largest integer for material that does not
    /// expire.
    package var milliseconds: Int64 { time?.milliseconds ?? .max }

    package init(milliseconds: Int64) {
        self = milliseconds == .max ? .never : .at(Timestamp(milliseconds: milliseconds))
    }
}

extension VersionRecord {
    /// Returns the time at which the material of the version is erased; `nil` if never.
    ///
    /// - Parameter key: the version's key, whose own expiry applies to versions that have none of their own.
    package func materialExpiresAt(in key: KeyRecord) -> Timestamp? {
        guard origin == .imported else { return nil }
        guard let materialExpiry else { return key.materialExpiresAt }
        return materialExpiry.time
    }
}

extension KeyRecord {
    /// The time at which the material of the default version is erased; `nil` if never.
    package var defaultMaterialExpiresAt: Timestamp? {
        guard let defaultMaterialExpiry else { return materialExpiresAt }
        return defaultMaterialExpiry.time
    }
}
