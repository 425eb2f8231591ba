/// A list of changes that a store makes all or nothing, in their order.
package struct StoreTransaction: Sendable {
    /// The change of the token that the store belongs to.
    package enum Binding: Sendable {
        /// Binds a new store; fails with ``StoreError/conflict`` if it is bound.
        case first(TokenBinding)
        /// Binds the store to later roots; fails with ``StoreError/conflict`` unless it is bound to an earlier epoch.
        case later(TokenBinding)
    }

    package var binding: Binding?
    /// True if all shards of the state digest and their members are removed before the changes.
    package var clearsState = false
    package var changes: [DocumentChange]
    /// The new members of the state digest, and those to remove.
    package var members: [StateMember]
    /// True if the changes remove wrapped keys, whose bytes must not remain in the store.
    package var erases = false

    package init(binding: Binding? = nil, _ changes: [DocumentChange] = [], members: [StateMember] = []) {
        self.binding = binding
        self.changes = changes
        self.members = members
    }
}

/// A change of one document, or of all that belong to a key.
package enum DocumentChange: Sendable {
    /// Adds a document.
    ///
    /// Fails with ``RecordKind/collision`` if its place is taken, and with ``RecordKind/nameCollision`` if its name is.
    case insert(DocumentWrite)
    /// Replaces the document at the same place.
    ///
    /// Fails with ``RecordKind/collision`` unless it is at revision `from` and has the same ``SealedDocument/fixed`` part, and with
    /// ``RecordKind/nameCollision`` if the new name is taken.
    case replace(DocumentWrite, from: UInt64)
    /// Replaces the document at the same place if it has the seal `from`.
    ///
    /// Otherwise it fails with ``StoreError/conflict``, or changes nothing if it is optional.
    case reseal(DocumentWrite, from: Seal, isOptional: Bool)
    /// Deletes a document.
    ///
    /// Fails with ``StoreError/conflict`` unless it is at revision `from`. With `nil`, it may have any, or not exist.
    case delete(RecordKind, [UInt8], from: UInt64?)
    /// Deletes all documents that belong to a key, and the counts of its uses.
    ///
    /// Fails with ``StoreError/conflict`` unless `aliases` of them are aliases.
    case deleteGroup([UInt8], aliases: Int)
}

/// A document to write, and what the store checks and registers with it.
package struct DocumentWrite: Sendable {
    package let document: SealedDocument
    /// The wrapped key in the document, which the store registers for ever; `nil` if there is none.
    package let blob: WrappedBlob?
    /// The document that must exist, because this one belongs to it; `nil` if there is none. Without it, the change fails with
    /// ``StoreError/conflict``.
    package let owner: DocumentAddress?

    package init(document: SealedDocument, blob: WrappedBlob?, owner: DocumentAddress?) {
        self.document = document
        self.blob = blob
        self.owner = owner
    }
}

extension RecordKind {
    /// The failure of a change that finds another document, or another revision, at its place.
    package var collision: StoreError {
        switch self {
        case .answer: .repeated
        case .shard: .stateMoved
        case .document, .key, .version, .alias, .usage, .importJob, .tombstone: .conflict
        }
    }

    /// The failure of a change whose name belongs to another document.
    package var nameCollision: StoreError {
        switch self {
        case .key, .alias: .nameTaken
        // The name of a version marks the only active one of its key.
        case .version, .document, .usage, .importJob, .answer, .tombstone, .shard: .conflict
        }
    }
}

extension StoreTransaction {
    /// Creates a transaction with its change of the state digest.
    init(binding: Binding? = nil, _ changes: [DocumentChange], state: StateChange, erases: Bool = false) {
        self.init(binding: binding, changes + state.shards.map { .next($0) }, members: state.members)
        self.erases = erases
    }
}

extension DocumentChange {
    static func insert(_ record: Sealed<some DocumentRecord>) -> DocumentChange { .insert(record.write) }

    /// Returns the change that adds a record of revision 1, or replaces the one before a later revision.
    static func next(_ record: Sealed<some DocumentRecord>) -> DocumentChange {
        let write = record.write
        let revision = write.document.revision
        return revision == 1 ? .insert(write) : .replace(write, from: revision &- 1)
    }
}
