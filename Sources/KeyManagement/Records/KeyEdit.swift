/// A change of one key and of its versions, while it is prepared. A plain value: no I/O, and no clock except the time it was
/// given.
///
/// Each edit checks everything that makes it legal, for every caller: the state table, origin, algorithm, usage and cause. It
/// also checks that the version belongs to this key and agrees with its ledger. Changes that belong together are made together
/// here.
struct KeyEdit {
    /// The search for a version of the same material, which is required before imported material is added.
    enum MaterialSearch: Sendable {
        case notMade
        case made(CheckValue, found: VersionRecord?)
    }

    private(set) var key: KeyRecord
    /// The key before the change.
    let original: KeyRecord
    /// The default version, before the change.
    let active: VersionRecord?
    /// The version that the change concerns; `nil` if it concerns the key.
    let subject: VersionRecord?
    let search: MaterialSearch
    let now: Timestamp
    /// The changed versions. A version that stops being active comes before the one that becomes active.
    private(set) var updated: [VersionRecord] = []
    private(set) var inserted: [VersionRecord] = []

    init(
        key: KeyRecord, active: VersionRecord?, subject: VersionRecord?, search: MaterialSearch = .notMade,
        now: Timestamp
    ) {
        self.key = key
        original = key
        self.active = active
        self.subject = subject
        self.search = search
        self.now = now
    }

    /// The version that the change concerns, in its new state.
    var outcome: VersionRecord? {
        guard let subject else { return inserted.last }
        return updated.last { $0.id == subject.id } ?? subject
    }

    /// Marks the key as changed now.
    mutating func touch() {
        key.touch(at: now)
        let number = key.versions.active
        if let changed = (updated + inserted).last(where: { $0.id.number == number }) {
            key.defaultMaterialExpiry = changed.materialExpiry
        } else if number == nil {
            key.defaultMaterialExpiry = nil
        }
    }

    /// The guarded operations that the change amounts to.
    var guardedEffects: Set<GuardedOperation> {
        var effects = original.guardedEffects(of: key)
        let expires = (updated + inserted).contains { version in
            let before = [active, subject].compactMap(\.self).first { $0.id == version.id }
            return version.materialExpiry?.time != nil && version.materialExpiry != before?.materialExpiry
        }
        if expires { effects.insert(.destroy) }
        return effects
    }

    /// Requires that the key is not pending deletion.
    ///
    /// - Throws: ``KMSError/keyPendingDeletion(_:)``
    func requireNotPendingDeletion() throws(KMSError) {
        guard key.availability != .pendingDeletion else { throw .keyPendingDeletion(key.name) }
    }

    // MARK: The key

    mutating func rename(to name: KeyName) throws(KMSError) {
        try requireNotPendingDeletion()
        try name.requireUsers()
        key.name = name
    }

    mutating func describe(as description: KeyDescription) throws(KMSError) {
        try requireNotPendingDeletion()
        key.description = description
    }

    mutating func tag(_ change: KeyUpdate.TagChange) throws(KMSError) {
        try requireNotPendingDeletion()
        key.tags = try change.applied(to: key.tags)
    }

    /// Sets the period of automatic rotation; `nil` for none.
    mutating func rotate(every period: RotationPeriod?) throws(KMSError) {
        try requireNotPendingDeletion()
        guard period == nil || key.origin == .generated else {
            throw .invalidRequest(
                "a key with imported material is not rotated automatically; import new material instead")
        }
        key.rotation = period.map { RotationPolicy.schedule(every: $0, from: now) }
    }

    mutating func enable(note: ChangeNote?) throws(KMSError) { try setAvailability(.enabled, note) }

    mutating func disable(note: ChangeNote?) throws(KMSError) { try setAvailability(.disabled, note) }

    private mutating func setAvailability(_ availability: KeyAvailability, _ note: ChangeNote?) throws(KMSError) {
        try requireNotPendingDeletion()
        guard key.availability != availability else {
            throw .stateForbids("key '\(key.name)' is \(availability.rawValue) already")
        }
        key.availability = availability
        key.availabilityNote = note
    }

    /// Schedules the deletion of the key, and ends all use of it.
    mutating func scheduleDeletion(at due: Timestamp, note: ChangeNote?) throws(KMSError) {
        try requireNotPendingDeletion()
        try requireFuture(due)
        key.deletionDueAt = due
        key.availability = .pendingDeletion
        key.availabilityNote = note
    }

    /// Cancels a scheduled deletion. The key is then disabled.
    mutating func cancelDeletion(note: ChangeNote?) throws(KMSError) {
        guard key.availability == .pendingDeletion else {
            throw .stateForbids("key '\(key.name)' is not pending deletion")
        }
        key.deletionDueAt = nil
        key.availability = .disabled
        key.availabilityNote = note
    }

    mutating func setAccess(_ access: KeyAccess) throws(KMSError) {
        try requireUsersKey()
        key.access = access
    }

    mutating func setOwner(_ owner: SubjectID) throws(KMSError) {
        try requireUsersKey()
        key.owner = owner
    }

    /// Clears the expiry in the key's own record, because its versions have expired or their material was erased.
    mutating func clearMaterialExpiry() { key.materialExpiresAt = nil }

    private func requireLegal(_ expiry: MaterialExpiry?) throws(KMSError) {
        guard let time = expiry?.time else { return }
        guard key.origin == .imported else {
            throw .stateForbids("the material of key '\(key.name)' was generated in the token and does not expire")
        }
        guard time > now else { throw .invalidRequest("the expiry date of the material is in the past") }
    }

    private func requireUsersKey() throws(KMSError) {
        guard key.kind == .user else { throw .accessDenied(reason: "a service key belongs to its service") }
    }

    private func requireFuture(_ due: Timestamp) throws(KMSError) {
        guard due >= now else { throw .internalFailure("a destruction due on \(due), in the past") }
    }

    // MARK: Versions

    /// Adds a new version, which becomes the default one. The previous one is deactivated.
    ///
    /// - Parameters:
    ///   - new: the material of the version.
    ///   - cause: the reason for the new version.
    ///   - note: the caller's note on the change.
    ///   - expiry: the expiry of imported material; `nil` for a generated version.
    mutating func add(
        _ new: NewMaterial, for cause: VersionCause, note: ChangeNote? = nil, expiry: MaterialExpiry? = nil
    ) throws(KMSError) {
        try requireNotPendingDeletion()
        try requireLegal(cause)
        try requireUnknown(new)
        try requireLegal(expiry)
        guard key.state != .destroyed || key.origin == .imported else {
            throw .stateForbids("all versions of key '\(key.name)' are destroyed")
        }
        let isFirst = key.versions.count == 0
        try deactivateActive(note: note)
        inserted.append(try key.addVersion(new, at: now, for: cause, expiry: expiry))
        if !isFirst { key.rotatedAt = now }
        if let rotation = key.rotation { key.rotation = RotationPolicy.schedule(every: rotation.period, from: now) }
    }

    private func requireLegal(_ cause: VersionCause) throws(KMSError) {
        switch cause {
        case .request, .importing: return
        case .creation: throw .internalFailure("a key that is there already is not created")
        case .schedule:
            guard RotationPolicy.isDue(key, at: now) else {
                throw .stateForbids("the rotation of key '\(key.name)' is not due")
            }
        case .usageLimit:
            guard active != nil else {
                throw .stateForbids("key '\(key.name)' has no active version that could near its limit")
            }
        }
    }

    /// Requires that the key does not have this material, because a second copy would outlive the destruction of one version.
    private func requireUnknown(_ new: NewMaterial) throws(KMSError) {
        guard new.origin == .imported, let checkValue = new.made.checkValue else { return }
        guard case .made(checkValue, let found) = search else {
            throw .internalFailure("imported material was not compared with what key \(key.id) has")
        }
        if let found { throw Self.refusal(ofMaterialOf: found) }
    }

    /// Returns the failure which states that a key has this material already.
    static func refusal(ofMaterialOf twin: VersionRecord) -> KMSError {
        let hint = twin.state == .destroyed ? "; name the version to bring its material back" : ""
        return .stateForbids(
            "this is the material of version \(twin.id.number), which is \(twin.state.rawValue)\(hint)")
    }

    /// Makes a deactivated version the default one again. The present default version is deactivated.
    mutating func activate(_ version: VersionRecord, note: ChangeNote?) throws(KMSError) {
        // Check first: otherwise the error for an active version would say that it cannot be deactivated.
        _ = try Self.state(of: version, after: .activate)
        try deactivateActive(note: note)
        try move(version, on: .activate, note: note)
    }

    private mutating func deactivateActive(note: ChangeNote?) throws(KMSError) {
        guard key.versions.active == active?.id.number else {
            throw .internalFailure("key \(key.id) is changed without its active version")
        }
        if let active { try move(active, on: .deactivate, note: note) }
    }

    /// Applies an event to a version that keeps its blob.
    mutating func move(_ version: VersionRecord, on event: StateTable.Event, note: ChangeNote?) throws(KMSError) {
        try requireNotPendingDeletion()
        guard let wrapped = version.life.wrapped else { throw Self.refusal(of: event, version) }
        switch try Self.state(of: version, after: event) {
        case .active: try enter(version, .active(wrapped), note)
        case .deactivated: try enter(version, .deactivated(wrapped), note)
        case .pendingDestruction, .destroyed:
            throw .internalFailure("\(event.rawValue) needs more than the version")
        }
    }

    /// Schedules the destruction of a version.
    mutating func scheduleDestruction(
        of version: VersionRecord, at due: Timestamp, note: ChangeNote?
    ) throws(KMSError) {
        try requireNotPendingDeletion()
        try requireFuture(due)
        _ = try Self.state(of: version, after: .scheduleDestruction)
        guard let wrapped = version.life.wrapped else { throw Self.refusal(of: .scheduleDestruction, version) }
        try enter(version, .pendingDestruction(wrapped, due: due), note)
    }

    /// Erases the blob of a version whose destruction is due. This cannot be undone.
    mutating func destroy(_ version: VersionRecord, digest: ([UInt8]) -> [UInt8]) throws(KMSError) {
        _ = try Self.state(of: version, after: .destroy)
        guard case .pendingDestruction(let wrapped, let due) = version.life else {
            throw Self.refusal(of: .destroy, version)
        }
        guard due <= now else {
            throw .stateForbids("version \(version.id.number) cannot be destroyed before \(due)")
        }
        // The reason given when it was scheduled remains.
        try enter(version, .destroyed(blobDigest: digest(wrapped.blob)), version.note)
    }

    /// Restores material that its owner imports again. If the version still has it, only its expiry changes.
    ///
    /// - Parameters:
    ///   - version: the version whose material was destroyed.
    ///   - new: the imported material.
    ///   - activating: true if the version becomes the default one.
    ///   - expiry: the expiry of the imported material.
    mutating func reimport(
        _ version: VersionRecord, as new: NewMaterial, activating: Bool, expiry: MaterialExpiry
    ) throws(KMSError) {
        try requireNotPendingDeletion()
        try requireLegal(expiry)
        let isSameExpiry = version.materialExpiry == expiry
        var version = version
        version.materialExpiry = expiry
        guard version.origin == .imported else {
            throw .stateForbids("version \(version.id.number) was generated in the token and cannot be imported again")
        }
        try new.requireFits(key)
        if !activating || version.life.wrapped == nil { _ = try Self.state(of: version, after: .reimport) }
        guard version.checkValue == new.made.checkValue, version.publicKey == new.made.publicKey else {
            throw .materialDiffers(version.id.number)
        }
        if version.life.wrapped != nil {
            if version.state != .active {
                try activate(version, note: nil)
            } else if !isSameExpiry {
                try enter(version, version.life, version.note)
            }
            return
        }
        if activating { try deactivateActive(note: nil) }
        let wrapped = new.made.wrapped
        try enter(version, activating ? .active(wrapped) : .deactivated(wrapped), nil)
    }

    /// Erases the blob of imported material at once. Its owner has a copy and can import it again.
    mutating func withdraw(_ version: VersionRecord, digest: ([UInt8]) -> [UInt8]) throws(KMSError) {
        guard version.origin == .imported, let wrapped = version.life.wrapped else {
            throw Self.refusal(of: .withdraw, version)
        }
        _ = try Self.state(of: version, after: .withdraw)
        try enter(version, .destroyed(blobDigest: digest(wrapped.blob)), nil)
    }

    /// Changes a version; every change passes through here. The version must belong to this key and agree with its ledger.
    private mutating func enter(
        _ version: VersionRecord, _ life: VersionLife, _ note: ChangeNote?
    ) throws(KMSError) {
        guard version.belongs(to: key), key.versions[version.id.number] == version.ledgerEntry else {
            throw .internalFailure("\(version.id) is not as key \(key.id) has it")
        }
        var moved = version
        moved.life = life
        moved.stateCounter += 1
        moved.changedAt = now
        moved.note = note
        if life.state == version.state {
            key.versions.touch(version.id.number)
        } else {
            key.versions.move(version.id.number, to: life.state)
        }
        updated.append(moved)
    }

    private static func state(
        of version: VersionRecord, after event: StateTable.Event
    ) throws(KMSError) -> VersionState {
        guard let next = StateTable.state(after: event, in: version.state) else { throw refusal(of: event, version) }
        return next
    }

    private static func refusal(of event: StateTable.Event, _ version: VersionRecord) -> KMSError {
        .stateForbids("\(event.rawValue) is not possible: version \(version.id.number) is \(version.state.rawValue)")
    }
}

extension KeyRecord {
    /// Adds the first version of a key that is being created.
    mutating func addFirstVersion(_ new: NewMaterial, at now: Timestamp) throws(KMSError) -> VersionRecord {
        guard versions.count == 0 else { throw .internalFailure("key \(id) is not new") }
        return try addVersion(new, at: now, for: .creation)
    }

    /// Adds a new active version and returns its record.
    fileprivate mutating func addVersion(
        _ new: NewMaterial, at now: Timestamp, for cause: VersionCause, expiry: MaterialExpiry? = nil
    ) throws(KMSError) -> VersionRecord {
        try new.requireFits(self)
        guard (cause == .importing) == (origin == .imported) else {
            throw .internalFailure("\(origin.rawValue) material by \(cause.rawValue) of key \(id)")
        }
        guard let number = versions.nextNumber else {
            throw .stateForbids("key '\(name)' has no version number left")
        }
        versions.addActive(number)
        return VersionRecord(
            id: VersionID(key: id, number: number), project: project, algorithm: algorithm, usage: usage,
            origin: origin, createdAt: now, changedAt: now, stateCounter: 1, life: .active(new.made.wrapped),
            publicKey: new.made.publicKey, checkValue: new.made.checkValue, cause: cause,
            materialExpiry: expiry)
    }
}

extension NewMaterial {
    /// Requires that the material fits the key.
    ///
    /// - Throws: ``KMSError/stateForbids(_:)`` for material of the other origin, ``KMSError/usageForbids(_:)`` for another
    ///   algorithm or usage, ``KMSError/internalFailure(_:)`` for material that was made for another key.
    fileprivate func requireFits(_ record: KeyRecord) throws(KMSError) {
        guard origin == record.origin else {
            throw .stateForbids(
                record.origin == .imported
                    ? "key '\(record.name)' has imported material; import material for the next version"
                    : "the versions of key '\(record.name)' are generated in the token")
        }
        guard algorithm == record.algorithm, usage == record.usage else {
            throw .usageForbids(
                "key '\(record.name)' takes material of \(record.algorithm.rawValue) for \(record.usage.rawValue), "
                    + "not of \(algorithm.rawValue) for \(usage.rawValue)")
        }
        guard key == record.id else { throw .internalFailure("material of key \(key) for key \(record.id)") }
    }
}
