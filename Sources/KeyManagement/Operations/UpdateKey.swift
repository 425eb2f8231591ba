/// What shall be different about a key; what is nil stays as it is.
public struct KeyUpdate: Sendable {
    public var name: KeyName?
    public var description: KeyDescription?
    /// All tags, not only the new ones.
    public var tags: KeyTags?
    public var rotation: Rotation?

    public enum Rotation: Sendable, Hashable {
        /// The next one is due a period after today.
        case every(RotationPeriod)
        case off
    }

    public init(
        name: KeyName? = nil, description: KeyDescription? = nil, tags: KeyTags? = nil, rotation: Rotation? = nil
    ) {
        self.name = name
        self.description = description
        self.tags = tags
        self.rotation = rotation
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
        try await perform(.updateKey, by: caller) { (act) throws(KMSError) in
            guard !update.isEmpty else {
                throw .invalidRequest("nothing to change: give a name, a description, tags or a rotation")
            }
            try update.name?.requireUsers()
            let outcome = try await change(reference, for: act, options: options, newName: update.name) {
                (edit) throws(KMSError) in
                if let name = update.name { edit.set(\.name, to: name) }
                if let description = update.description { edit.set(\.description, to: description) }
                if let tags = update.tags { edit.set(\.tags, to: tags) }
                switch update.rotation {
                case nil: break
                case .off: edit.set(\.rotation, to: nil)
                case .every(let period):
                    guard edit.key.origin == .generated else {
                        throw .invalidRequest(
                            "a key of imported material is not rotated by itself; its owner brings new material")
                    }
                    edit.set(\.rotation, to: RotationPolicy.schedule(every: period, from: edit.now))
                }
                return .store
            }
            guard let outcome else { throw .conflict }
            if case .changed(let changed) = outcome { logChange("key updated", of: changed.key, by: caller) }
            return outcome
        }
    }
}
