import Synchronization

/// A record with a rewrapped key, not sealed yet.
struct Rewrapped: Sendable {
    /// The record as it was read.
    let record: StoredRecord
    /// The rewrapped key; `nil` for a record that has no key.
    let wrapped: WrappedKey?

    var content: any Sealable { wrapped.map { record.content(with: $0) } ?? record.content }

    /// The changes of the state digest. There are none for a record without a key, because its content stays the same under a
    /// new seal.
    var edits: [StateEdit] {
        guard wrapped != nil, let content = content as? any StatefulRecord else { return [] }
        return StateEdit.store(content)
    }
}

extension StoredRecord {
    var keyToRewrap: KeyToRewrap? {
        switch self {
        case .version(let sealed):
            let version = sealed.unverified
            return version.life.wrapped.map {
                KeyToRewrap(
                    name: version.sealedName, algorithm: version.algorithm, purpose: .version(version.usage),
                    wrapped: $0, publicKey: version.publicKey)
            }
        case .importJob(let sealed):
            let job = sealed.unverified
            return KeyToRewrap(
                name: job.sealedName, algorithm: job.wrappingAlgorithm, purpose: .importJob, wrapped: job.wrapped,
                publicKey: job.publicKey)
        case .document(let sealed):
            let document = sealed.unverified
            let use = document.wrappedUse
            return document.wrapped.map {
                KeyToRewrap(
                    name: document.sealedName, algorithm: use.algorithm, purpose: .version(use.usage), wrapped: $0,
                    publicKey: nil)
            }
        case .key, .alias, .usage, .answer, .tombstone, .shard: return nil
        }
    }

    /// Returns the content of the record with the rewrapped key; unchanged if the record has no key.
    fileprivate func content(with wrapped: WrappedKey) -> any Sealable {
        switch self {
        case .version(let sealed): sealed.unverified.rewrapped(wrapped)
        case .importJob(let sealed): sealed.unverified.rewrapped(wrapped)
        case .document(let sealed): sealed.unverified.rewrapped(wrapped)
        case .key, .alias, .usage, .answer, .tombstone, .shard: content
        }
    }
}

extension VersionRecord {
    /// Returns the same version with a rewrapped key. This is not a change of state.
    package func rewrapped(_ wrapped: WrappedKey) -> VersionRecord {
        var version = self
        switch life {
        case .active: version.life = .active(wrapped)
        case .deactivated: version.life = .deactivated(wrapped)
        case .pendingDestruction(_, let due): version.life = .pendingDestruction(wrapped, due: due)
        case .destroyed: break
        }
        return version
    }
}

extension ImportJob {
    /// Returns the same job with a rewrapped private key.
    package func rewrapped(_ wrapped: WrappedKey) -> ImportJob {
        ImportJob(
            id: id, project: project, subject: subject, wrappingAlgorithm: wrappingAlgorithm, method: method,
            publicKey: publicKey, wrapped: wrapped, createdAt: createdAt, expiresAt: expiresAt)
    }
}
