/// One generation of a key's material: its state, and the wrapped blob while it exists.
package struct VersionRecord: Hashable, Sendable {
    package let id: VersionID
    package let project: ProjectID
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage
    package let origin: KeyOrigin
    package let createdAt: Timestamp
    /// The time of the last change of state.
    package var changedAt: Timestamp
    /// The number of changes of the state or the expiry: 1 for a new version. It only grows, so that an older copy of a row is
    /// detected.
    package var stateCounter: UInt64
    package var life: VersionLife
    /// The reason for the last change of state, if one was given.
    package var note: ChangeNote?
    /// The public key, if there is one. It outlives the private key, so that old signatures can be verified.
    package let publicKey: PublicKeyInfo?
    /// The check value by which the same imported material is recognised; `nil` unless it was imported and is symmetric.
    package let checkValue: CheckValue?
    /// The reason for its creation; `nil` for versions from releases that did not record it.
    package let cause: VersionCause?
    /// The expiry of imported material; `nil` for generated material, and for earlier records, to which
    /// ``KeyRecord/materialExpiresAt`` applies.
    package var materialExpiry: MaterialExpiry?

    package init(
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

    package var state: VersionState { life.state }
}

/// The reason for the creation of a version.
package enum VersionCause: String, Sendable, CaseIterable {
    /// Created with its key.
    case creation
    /// Requested by a caller.
    case request
    /// Due by the rotation schedule.
    case schedule
    /// The previous version neared its usage limit.
    case usageLimit
    /// Imported by its owner.
    case importing
}

/// The state of a version, together with the data that exists in that state only.
package enum VersionLife: Hashable, Sendable {
    case active(WrappedKey)
    case deactivated(WrappedKey)
    case pendingDestruction(WrappedKey, due: Timestamp)
    /// The blob is erased. Its SHA-256 remains, as evidence that exactly this blob was destroyed.
    case destroyed(blobDigest: [UInt8])

    package var state: VersionState {
        switch self {
        case .active: .active
        case .deactivated: .deactivated
        case .pendingDestruction: .pendingDestruction
        case .destroyed: .destroyed
        }
    }

    /// The wrapped key, unless it was erased.
    package var wrapped: WrappedKey? {
        switch self {
        case .active(let wrapped), .deactivated(let wrapped), .pendingDestruction(let wrapped, _): wrapped
        case .destroyed: nil
        }
    }
}

extension VersionRecord: Sealable {
    package var sealedName: String { id.description }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/version/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
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
