/// A named logical key, without its material, which belongs to its versions.
package struct KeyRecord: Hashable, Sendable {
    package let id: KeyID
    package let project: ProjectID
    /// The name; not sealed, because every decision uses the id.
    package var name: KeyName
    /// The description; not sealed.
    package var description: KeyDescription
    /// The tags; not sealed.
    package var tags: KeyTags
    package let algorithm: KeyAlgorithm
    package let usage: KeyUsage
    package let origin: KeyOrigin
    package let kind: KeyKind
    /// The owner: the creator, or the subject it was transferred to. `nil` for keys from versions without owners.
    package var owner: SubjectID?
    package var access: KeyAccess
    package var availability: KeyAvailability
    /// The reason why the key was last disabled or enabled.
    package var availabilityNote: ChangeNote?
    /// The time at which the key will be deleted; `nil` unless that is scheduled.
    package var deletionDueAt: Timestamp?
    /// The time at which imported material is erased, for versions without an expiry of their own; `nil` if never. Versions
    /// have one since "2026-07 expiry per version".
    package var materialExpiresAt: Timestamp?
    /// The expiry of the default version, copied from the version.
    package var defaultMaterialExpiry: MaterialExpiry?
    package var versions: VersionLedger
    /// The automatic rotation of the key; `nil` if there is none.
    package var rotation: RotationSchedule?
    /// The time at which a version last replaced another; `nil` if there was never more than one.
    package var rotatedAt: Timestamp?
    /// The revision: 1 for a new key, and one more with each change. A change names the revision it was made from; if a
    /// concurrent change was stored first, it is a conflict.
    package var revision: UInt64
    package let createdAt: Timestamp
    package var changedAt: Timestamp

    package init(
        id: KeyID, project: ProjectID, name: KeyName, description: KeyDescription, tags: KeyTags = .none,
        algorithm: KeyAlgorithm, usage: KeyUsage, origin: KeyOrigin, kind: KeyKind = .user, owner: SubjectID? = nil,
        access: KeyAccess = .byRole, availability: KeyAvailability,
        availabilityNote: ChangeNote? = nil, deletionDueAt: Timestamp? = nil, materialExpiresAt: Timestamp? = nil,
        defaultMaterialExpiry: MaterialExpiry? = nil, versions: VersionLedger, rotation: RotationSchedule? = nil,
        rotatedAt: Timestamp? = nil, revision: UInt64, createdAt: Timestamp, changedAt: Timestamp
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.tags = tags
        self.algorithm = algorithm
        self.usage = usage
        self.origin = origin
        self.kind = kind
        self.owner = owner
        self.access = access
        self.availability = availability
        self.availabilityNote = availabilityNote
        self.deletionDueAt = deletionDueAt
        self.materialExpiresAt = materialExpiresAt
        self.defaultMaterialExpiry = defaultMaterialExpiry
        self.versions = versions
        self.rotation = rotation
        self.rotatedAt = rotatedAt
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
    }

    package var state: KeyState { versions.keyState }

    /// Records a change at `now`.
    mutating func touch(at now: Timestamp) {
        revision += 1
        changedAt = now
    }
}

extension KeyRecord: Sealable {
    package var sealedName: String { "key \(id)" }

    /// The domain of the canonical form.
    static let sealDomain = "hsm-kms/seal/key/1"

    package var canonicalBytes: [UInt8] {
        var encoding = CanonicalEncoding(domain: Self.sealDomain)
        encoding.append(1, project.text)
        encoding.append(2, id.bytes)
        encoding.append(3, algorithm.rawValue)
        encoding.append(4, usage.rawValue)
        encoding.append(5, origin.rawValue)
        encoding.append(6, availability.rawValue)
        encoding.append(7, revision)
        encoding.append(8, versions.encoded)
        encoding.append(9, createdAt.milliseconds)
        encoding.append(10, changedAt.milliseconds)
        if let rotation {
            encoding.append(11, UInt32(rotation.period.days))
            encoding.append(12, rotation.dueAt.milliseconds)
        }
        if let rotatedAt { encoding.append(13, rotatedAt.milliseconds) }
        if let availabilityNote {
            encoding.append(14, availabilityNote.reason.rawValue)
            encoding.append(15, availabilityNote.comment.text)
        }
        if let service = kind.service { encoding.append(16, service.text) }
        if let owner { encoding.append(17, owner.text) }
        if let list = access.list {
            encoding.append(18, UInt8(1))
            for subject in list.subjects.sorted() { encoding.append(19, subject.text) }
            for group in list.groups.sorted() { encoding.append(20, group.text) }
        }
        if let deletionDueAt { encoding.append(21, deletionDueAt.milliseconds) }
        if let materialExpiresAt { encoding.append(22, materialExpiresAt.milliseconds) }
        if let defaultMaterialExpiry { encoding.append(23, defaultMaterialExpiry.milliseconds) }
        if let policy = access.policy {
            for statement in policy.statements { encoding.append(30, statement.text) }
            encoding.append(31, policy.document)
        }
        return encoding.bytes
    }
}
