/// One generation of a key's material: where it is in its life, and the wrapped blob while there is one.
public struct VersionRecord: Hashable, Sendable {
    public let id: VersionID
    public let project: ProjectID
    public let algorithm: KeyAlgorithm
    public let usage: KeyUsage
    public let origin: KeyOrigin
    public let createdAt: Timestamp
    /// When the state changed last.
    public var changedAt: Timestamp
    /// How often the state or the expiry changed: 1 when the version is new. It only grows, so that an older copy of a row is known.
    public var stateCounter: UInt64
    public var life: VersionLife
    /// Why the state changed last, when somebody said so.
    public var note: ChangeNote?
    /// The public half, where there is one. It outlives the private half, so that old signatures can be verified.
    public let publicKey: PublicKeyInfo?
    /// By which the same imported material is known again; nil unless it was imported and is symmetric.
    public let checkValue: CheckValue?
    /// What it was made for; nil for versions of before that was noted.
    public let cause: VersionCause?
    /// When imported material is erased; `nil` for versions of before that was noted for each, for which ``KeyRecord/materialExpiresAt``
    /// counts, and for generated ones.
    public var materialExpiry: MaterialExpiry?

    public init(
        id: VersionID, project: ProjectID, algorithm: KeyAlgorithm, usage: KeyUsage, origin: KeyOrigin,
        createdAt: Timestamp, changedAt: Timestamp, stateCounter: UInt64, life: VersionLife, note: ChangeNote? = nil,
        publicKey: PublicKeyInfo? = nil, checkValue: CheckValue? = nil, cause: VersionCause? = nil,
        materialExpiry: MaterialExpiry? = nil
    ) {
        self.id = id
        self.project = project
        self.algorithm = algorithm
        self.usage = usage
        self.origin = origin
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.stateCounter = stateCounter
        self.life = life
        self.note = note
        self.publicKey = publicKey
        self.checkValue = checkValue
        self.cause = cause
        self.materialExpiry = materialExpiry
    }

    public var state: VersionState { life.state }
}

/// What a version was made for.
public enum VersionCause: String, Sendable, CaseIterable {
    /// With its key.
    case creation
    /// Because somebody asked for it.
    case request
    /// Because its day had come.
    case schedule
    /// Because the one before it neared the limit of its uses.
    case usageLimit
    /// Its owner brought the material.
    case importing
}

/// The state of a version, together with what exists in that state only.
public enum VersionLife: Hashable, Sendable {
    case active(WrappedKey)
    case deactivated(WrappedKey)
    case pendingDestruction(WrappedKey, due: Timestamp)
    /// The blob is erased; what remains is its SHA-256, for the proof that this and no other was destroyed.
    case destroyed(blobDigest: [UInt8])

    public var state: VersionState {
        switch self {
        case .active: .active
        case .deactivated: .deactivated
        case .pendingDestruction: .pendingDestruction
        case .destroyed: .destroyed
        }
    }

    /// The wrapped key, as long as it was not erased.
    public var wrapped: WrappedKey? {
        switch self {
        case .active(let wrapped), .deactivated(let wrapped), .pendingDestruction(let wrapped, _): wrapped
        case .destroyed: nil
        }
    }
}

extension VersionRecord: Sealable {
    public var sealedName: String { id.description }

    public var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: "hsm-kms/seal/version/1")
        encoding.append(1, project.text)
        encoding.append(2, id.key.bytes)
        encoding.append(3, id.number.value)
        encoding.append(4, algorithm.rawValue)
        encoding.append(5, usage.rawValue)
        encoding.append(6, origin.rawValue)
        encoding.append(7, state.rawValue)
        encoding.append(8, stateCounter)
        encoding.append(9, createdAt.milliseconds)
        encoding.append(10, changedAt.milliseconds)
        if let wrapped = life.wrapped {
            encoding.append(11, wrapped.epoch.number)
            encoding.append(12, wrapped.mechanism.rawValue)
            encoding.append(13, wrapped.blob)
        }
        switch life {
        case .active, .deactivated: break
        case .pendingDestruction(_, let due): encoding.append(14, due.milliseconds)
        case .destroyed(let digest): encoding.append(15, digest)
        }
        if let publicKey { encoding.append(16, publicKey.der) }
        if let checkValue { encoding.append(17, checkValue.bytes) }
        if let note {
            encoding.append(18, note.reason.rawValue)
            encoding.append(19, note.comment.text)
        }
        if let cause { encoding.append(20, cause.rawValue) }
        if let materialExpiry { encoding.append(21, materialExpiry.milliseconds) }
        return encoding.bytes
    }
}
