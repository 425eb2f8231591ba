/// When the imported material of one version is erased.
public enum MaterialExpiry: Hashable, Sendable {
    case never
    case at(Timestamp)

    public init(_ time: Timestamp?) {
        self = time.map { .at($0) } ?? .never
    }

    /// `nil` for material that stays.
    public var time: Timestamp? {
        if case .at(let time) = self { time } else { nil }
    }

    /// As it is stored and sealed: milliseconds since 1970 in UTC, and the largest number of all for material that stays.
    public var milliseconds: Int64 { time?.milliseconds ?? .max }

    public init(milliseconds: Int64) {
        self = milliseconds == .max ? .never : .at(Timestamp(milliseconds: milliseconds))
    }
}

extension VersionRecord {
    /// When the material of the version is erased; `nil` when it stays.
    ///
    /// - Parameter key: the version's key, whose own expiry counts for versions that have none of their own.
    public func materialExpiresAt(in key: KeyRecord) -> Timestamp? {
        guard origin == .imported else { return nil }
        guard let materialExpiry else { return key.materialExpiresAt }
        return materialExpiry.time
    }
}

extension KeyRecord {
    /// When the material of the default version is erased; `nil` when it stays.
    public var defaultMaterialExpiresAt: Timestamp? {
        guard let defaultMaterialExpiry else { return materialExpiresAt }
        return defaultMaterialExpiry.time
    }
}
