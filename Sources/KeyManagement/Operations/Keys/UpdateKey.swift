/// What shall be different about a key; what is nil stays as it is.
public struct KeyUpdate: Sendable {
    public var name: KeyName?
    public var description: KeyDescription?
    public var tags: TagChange?
    public var rotation: Rotation?

    /// What becomes of a key's tags.
    public enum TagChange: Sendable, Hashable {
        /// These are all.
        case replace(KeyTags)
        /// These are new, or have these values from now on.
        case add(KeyTags)
        /// Those of these names are gone; one that is not there already.
        case remove(Set<ExactText>)

        /// - Throws: ``KMSError/invalidRequest(_:)`` when there would be too many.
        func applied(to tags: KeyTags) throws(KMSError) -> KeyTags {
            switch self {
            case .replace(let all): all
            case .add(let new): try KeyTags(tags.pairs.merging(new.pairs))
            case .remove(let names): try KeyTags(tags.pairs.removing(names))
            }
        }
    }

    public enum Rotation: Sendable, Hashable {
        /// The next one is due a period after today.
        case every(RotationPeriod)
        case off
    }

    public init(
        name: KeyName? = nil, description: KeyDescription? = nil, tags: TagChange? = nil, rotation: Rotation? = nil
    ) {
        self.name = name
        self.description = description
        self.tags = tags
        self.rotation = rotation
    }

    /// What of it a key's policy has to allow.
    var actions: Set<KeyAction> {
        var actions: Set<KeyAction> = []
        if name != nil || description != nil { actions.insert(.updateKeyDescription) }
        switch tags {
        case nil: break
        case .replace: actions.formUnion([.tagResource, .untagResource])
        case .add: actions.insert(.tagResource)
        case .remove: actions.insert(.untagResource)
        }
        switch rotation {
        case nil: break
        case .every: actions.insert(.enableKeyRotation)
        case .off: actions.insert(.disableKeyRotation)
        }
        return actions
    }

    var isEmpty: Bool { name == nil && description == nil && tags == nil && rotation == nil }
}

extension KeyService {
    /// Changes name, description, tags and rotation.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``, ``KMSError/invalidRequest(_:)`` when there is nothing to change, or a key of
    ///   imported material is to be rotated by itself.
    public func updateKey(
        _ reference: KeyReference, _ update: KeyUpdate, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await performChange(
            .updateKey, of: reference, as: update.actions, "key updated", options, by: caller
        ) { (key) throws(KMSError) in
            guard !update.isEmpty else {
                throw .invalidRequest("nothing to change: give a name, a description, tags or a rotation")
            }
            try update.name?.requireUsers()
            return try await change(key, options: options, newName: update.name) { (edit) throws(KMSError) in
                if let name = update.name { try edit.rename(to: name) }
                if let description = update.description { try edit.describe(as: description) }
                if let tags = update.tags { try edit.tag(tags) }
                switch update.rotation {
                case nil: break
                case .off: try edit.rotate(every: nil)
                case .every(let period): try edit.rotate(every: period)
                }
                return .store
            }
        }
    }
}
