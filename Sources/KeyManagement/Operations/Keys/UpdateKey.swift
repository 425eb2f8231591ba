/// The changes of a key. Properties that are `nil` stay unchanged.
package struct KeyUpdate: Sendable {
    package var name: KeyName?
    package var description: KeyDescription?
    package var tags: TagChange?
    package var rotation: Rotation?

    /// The change of a key's tags.
    package enum TagChange: Sendable, Hashable {
        /// The complete new set of tags.
        case replace(KeyTags)
        /// The tags to add, or whose values to set.
        case add(KeyTags)
        /// The names of the tags to remove. Names that do not exist are ignored.
        case remove(Set<ExactText>)

        /// Returns the tags after the change.
        ///
        /// - Throws: ``KMSError/invalidRequest(_:)`` if there would be too many.
        func applied(to tags: KeyTags) throws(KMSError) -> KeyTags {
            switch self {
            case .replace(let all): all
            case .add(let new): try KeyTags(tags.pairs.merging(new.pairs))
            case .remove(let names): try KeyTags(tags.pairs.removing(names))
            }
        }
    }

    package enum Rotation: Sendable, Hashable {
        /// Automatic rotation; the next one is due a period after today.
        case every(RotationPeriod)
        case off
    }

    package init(
        name: KeyName? = nil, description: KeyDescription? = nil, tags: TagChange? = nil, rotation: Rotation? = nil
    ) {
        self.name = name
        self.description = description
        self.tags = tags
        self.rotation = rotation
    }

    /// The actions that a key's policy must allow for the update.
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
    /// Changes the name, description, tags and rotation of a key.
    ///
    /// - Throws: ``KMSError/keyNameTaken(_:)``; ``KMSError/invalidRequest(_:)`` if there is nothing to change, or for automatic
    ///   rotation of a key with imported material.
    package func updateKey(
        _ reference: KeyReference, _ update: KeyUpdate, options: ChangeOptions = .plain, by caller: Caller
    ) async throws(KMSError) -> ChangeOutcome {
        try await withAudit(
            .updateKey, changing: reference, as: update.actions, "key updated", options, by: caller
        ) { (key) throws(KMSError) in
            guard !update.isEmpty else {
                throw .invalidRequest("nothing to change: give a name, a description, tags or a rotation")
            }
            try update.name?.requireUsers()
            return try await key.change(options: options, newName: update.name) { (edit) throws(KMSError) in
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
