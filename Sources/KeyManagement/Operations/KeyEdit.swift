/// A change of one key and of its versions, as it is being made up. A plain value: no I/O, and no clock but the time it was given.
///
/// What the state table forbids, it refuses; what has to happen together, happens here together.
struct KeyEdit {
    private(set) var key: KeyRecord
    private let original: KeyRecord
    /// The default version, as it was.
    let active: VersionRecord?
    /// The version that the change is about; nil when it is about the key.
    let subject: VersionRecord?
    let now: Timestamp
    /// Changed versions; what stops being active comes before what becomes it.
    private(set) var updated: [VersionRecord] = []
    private(set) var inserted: [VersionRecord] = []

    init(key: KeyRecord, active: VersionRecord?, subject: VersionRecord?, now: Timestamp) {
        self.key = key
        original = key
        self.active = active
        self.subject = subject
        self.now = now
    }

    /// The version that the change is about, as the change leaves it.
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

    /// Changes what is about the key as a whole.
    mutating func set<Value>(_ field: WritableKeyPath<KeyRecord, Value>, to value: Value) {
        key[keyPath: field] = value
    }

    /// Takes a new version, which becomes the default one. The one before it is deactivated.
    ///
    /// - Parameter expiry: of imported material; `nil` for a generated version.
    mutating func add(
        _ new: NewKey, for cause: VersionCause, note: ChangeNote? = nil, expiry: MaterialExpiry? = nil
    ) throws(KMSError) {
        let number = try numberForNewVersion()
        if let active { try move(active, on: .deactivate, note: note) }
        if number != .first { key.rotatedAt = now }
        inserted.append(key.addVersion(number, new, at: now, for: cause, expiry: expiry))
        if let rotation = key.rotation { key.rotation = RotationPolicy.schedule(every: rotation.period, from: now) }
    }

    private func numberForNewVersion() throws(KMSError) -> VersionNumber {
        guard key.state != .destroyed || key.origin == .imported else {
            throw .stateForbids("all versions of key '\(key.name)' are destroyed")
        }
        guard let number = key.versions.nextNumber else {
            throw .stateForbids("key '\(key.name)' has no version number left")
        }
        return number
    }

    /// Makes a deactivated version the default one again. The one that was is deactivated.
    mutating func activate(_ version: VersionRecord, note: ChangeNote?) throws(KMSError) {
        // Asked first: else an active version would be told that it cannot be deactivated.
        _ = try Self.state(of: version, after: .activate)
        if let active { try move(active, on: .deactivate, note: note) }
        try move(version, on: .activate, note: note)
    }

    /// Lets an event happen to a version that keeps its blob.
    mutating func move(_ version: VersionRecord, on event: StateTable.Event, note: ChangeNote?) throws(KMSError) {
        guard let wrapped = version.life.wrapped else { throw Self.refusal(of: event, version) }
        switch try Self.state(of: version, after: event) {
        case .active: enter(version, .active(wrapped), note)
        case .deactivated: enter(version, .deactivated(wrapped), note)
        case .pendingDestruction, .destroyed:
            throw .internalFailure("\(event.rawValue) needs more than the version")
        }
    }

    /// Sets the day on which a version will be destroyed.
    mutating func scheduleDestruction(
        of version: VersionRecord, at due: Timestamp, note: ChangeNote?
    ) throws(KMSError) {
        _ = try Self.state(of: version, after: .scheduleDestruction)
        guard let wrapped = version.life.wrapped else { throw Self.refusal(of: .scheduleDestruction, version) }
        enter(version, .pendingDestruction(wrapped, due: due), note)
    }

    /// Erases the blob of a version whose time has come. Nothing undoes this.
    mutating func destroy(_ version: VersionRecord, digest: ([UInt8]) -> [UInt8]) throws(KMSError) {
        _ = try Self.state(of: version, after: .destroy)
        guard case .pendingDestruction(let wrapped, let due) = version.life else {
            throw Self.refusal(of: .destroy, version)
        }
        guard due <= now else {
            throw .stateForbids("version \(version.id.number) is to be destroyed on \(due), not before")
        }
        // The reason given when it was scheduled remains.
        enter(version, .destroyed(blobDigest: digest(wrapped.blob)), version.note)
    }

    /// Takes material again that its owner brought before. Where it is still there, only the expiry of the version changes.
    ///
    /// - Parameter activating: whether the version becomes the default one.
    mutating func reimport(
        _ version: VersionRecord, as new: NewKey, activating: Bool, expiry: MaterialExpiry
    ) throws(KMSError) {
        let isSameExpiry = version.materialExpiry == expiry
        var version = version
        version.materialExpiry = expiry
        guard version.origin == .imported else {
            throw .stateForbids("version \(version.id.number) was generated in the token; nobody can bring it again")
        }
        if !activating || version.life.wrapped == nil { _ = try Self.state(of: version, after: .reimport) }
        guard version.checkValue == new.checkValue, version.publicKey == new.publicKey else {
            throw .materialDiffers(version.id.number)
        }
        if version.life.wrapped != nil {
            if version.state != .active {
                try activate(version, note: nil)
            } else if !isSameExpiry {
                enter(version, version.life, version.note)
            }
            return
        }
        if activating, let active { try move(active, on: .deactivate, note: nil) }
        enter(version, activating ? .active(new.wrapped) : .deactivated(new.wrapped), nil)
    }

    /// Erases the blob of imported material at once: its owner has it, and can bring it again.
    mutating func withdraw(_ version: VersionRecord, digest: ([UInt8]) -> [UInt8]) throws(KMSError) {
        guard version.origin == .imported, let wrapped = version.life.wrapped else {
            throw Self.refusal(of: .withdraw, version)
        }
        _ = try Self.state(of: version, after: .withdraw)
        enter(version, .destroyed(blobDigest: digest(wrapped.blob)), nil)
    }

    private mutating func enter(_ version: VersionRecord, _ life: VersionLife, _ note: ChangeNote?) {
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
    /// Counts a new active version and answers its record.
    mutating func addVersion(
        _ number: VersionNumber, _ new: NewKey, at now: Timestamp, for cause: VersionCause,
        expiry: MaterialExpiry? = nil
    ) -> VersionRecord {
        versions.addActive(number)
        return VersionRecord(
            id: VersionID(key: id, number: number), project: project, algorithm: algorithm, usage: usage,
            origin: origin, createdAt: now, changedAt: now, stateCounter: 1, life: .active(new.wrapped),
            publicKey: new.publicKey, checkValue: new.checkValue, cause: cause,
            materialExpiry: expiry)
    }
}
