internal import Logging
import Synchronization

/// The background task that puts records under the latest roots, until its task is cancelled.
///
/// It keeps no progress, because each record states its epoch. So it continues after a crash, and any number of processes may
/// run it on one store.
public struct Rewrapper: Sendable {
    private let service: KeyService
    private let interval: Duration

    /// Creates a rewrapper.
    ///
    /// - Parameter interval: the interval at which it looks for records under earlier roots.
    public init(service: KeyService, interval: Duration = .milliseconds(250)) {
        self.service = service
        self.interval = interval
    }

    public func run() async {
        while !Task.isCancelled {
            var rest = interval
            do throws(KMSError) {
                try await service.rewrapWhatIsDue()
            } catch {
                service.logger.error("rewrapping was interrupted", metadata: ["cause": "\(error.logDetail)"])
                rest = .seconds(2)
            }
            do { try await Task.sleep(for: rest) } catch { return }
        }
    }
}

/// The completed work, so that the store is not scanned again and again.
final class RewrapState: Sendable {
    private struct Known {
        /// The latest epoch to which every genuine record was rewrapped.
        var finished: RootEpoch?
        var lookAgainAt = ContinuousClock.now
    }

    private let known = Mutex(Known())

    /// The time after which the store is scanned again. Processes that do not know the new roots yet may still store records
    /// under the old ones.
    private static let pause = Duration.seconds(300)

    func isDone(for latest: RootEpoch, at now: ContinuousClock.Instant) -> Bool {
        known.withLock { $0.finished == latest && now < $0.lookAgainAt }
    }

    func finish(_ latest: RootEpoch, at now: ContinuousClock.Instant) {
        known.withLock { $0 = Known(finished: latest, lookAgainAt: now + Self.pause) }
    }
}

extension KeyService {
    /// Rewraps all records that are under earlier roots, if any may exist.
    func rewrapWhatIsDue() async throws(KMSError) {
        var latest = tokenInformation.identity.epoch
        // Another process may have made roots. The earlier ones may be destroyed soon, even if no request reads a record in
        // between.
        let binding = try await atStore { () throws(StoreError) in try await reader.binding() }
        if let binding, binding.epoch > latest {
            latest = try await tokenInformation.readIdentity().epoch
        }
        guard !rewrapping.isDone(for: latest, at: .now) else { return }
        let left = try await rewrapAll(to: latest)
        if left > 0 {
            logger.error(
                "records cannot be put under the latest roots; 'kms store verify' names them",
                metadata: ["epoch": "\(latest)", "records": "\(left)"])
        }
        rewrapping.finish(latest, at: .now)
    }

    /// Scans the store until a pass finds nothing more to rewrap.
    ///
    /// - Returns: the number of remaining records that are not as they were sealed.
    func rewrapAll(to latest: RootEpoch) async throws(KMSError) -> Int {
        guard latest > .first else { return 0 }
        while true {
            if try await usesBefore(latest).isEmpty { return 0 }
            var (moved, refused) = (0, 0)
            for kind in RecordKind.allCases {
                let pass = try await rewrap(kind, to: latest)
                moved += pass.moved
                refused += pass.refused
            }
            if moved == 0, refused > 0 { return refused }
        }
    }

    /// Makes one pass through the records of a kind.
    private func rewrap(_ kind: RecordKind, to latest: RootEpoch) async throws(KMSError) -> (moved: Int, refused: Int) {
        var result = (moved: 0, refused: 0)
        var cursor: RecordPlace?
        repeat {
            let after = cursor
            let page = try await records.read { () throws(StoreError) in
                try await reader.records(of: kind, before: latest, after: after, limit: Self.pageSize)
            }
            guard !page.isEmpty else { break }
            let (moved, refused) = try await rewrap(page)
            result = (result.moved + moved, result.refused + refused)
            cursor = page.count == Self.pageSize ? page.last?.place : nil
        } while cursor != nil && !Task.isCancelled
        return result
    }

    private static var pageSize: Int { 128 }
    /// The number of keys rewrapped in one visit to the token. Other requests wait a few milliseconds behind it.
    private static var visitSize: Int { 8 }

    private func rewrap(_ page: [StoredRecord]) async throws(KMSError) -> (moved: Int, refused: Int) {
        let principal = Principal(profile: Profile(subject: try SubjectID("kms-rewrapper"), kind: .system))
        let details = ["kind": page[0].kind.rawValue]
        return try await withAudit(.rewrapKeys, by: principal, details: details) { (operation) throws(KMSError) in
            // A record that is not as it was sealed is not sealed again.
            let genuine = try await records.genuine(page)
            var moved = 0
            for start in stride(from: 0, to: genuine.count, by: Self.visitSize) {
                let some = genuine[start..<min(start + Self.visitSize, genuine.count)]
                moved += try await replace(try await operation.rewrapped(some), for: operation)
            }
            records.noteChange()
            operation.recorder.note { $0.details["records"] = "\(moved)" }
            return (moved, page.count - genuine.count)
        }
    }

    /// Stores rewrapped records: together, or one by one if a concurrent change has altered one of them.
    private func replace(
        _ replacements: [Rewrapped], for operation: OperationContext
    ) async throws(KMSError) -> Int {
        let outcome = try await operation.save(replacements)
        guard case .failure(.conflict) = outcome, replacements.count > 1 else {
            return outcome == .failure(.conflict) ? 0 : try outcome.orThrow()
        }
        var moved = 0
        for replacement in replacements { moved += try await replace([replacement], for: operation) }
        return moved
    }

}

extension OperationContext {
    fileprivate func save(_ replacements: [Rewrapped]) async throws(KMSError) -> Result<Int, StoreError> {
        let outcome = try await service.state.commit(
            replacements.flatMap(\.edits), sealing: replacements.map(\.content.canonicalBytes)
        ) { (seals, state) throws(StoreError) in
            try await store.replace(
                zip(replacements, seals).map { SealReplacement(record: $0.record, seal: $1, wrapped: $0.wrapped) },
                state: state)
        }
        return outcome.map { committed in
            recorder.confirm(committed.steps)
            return committed.value
        }
    }

    fileprivate func rewrapped(_ some: ArraySlice<StoredRecord>) async throws(KMSError) -> [Rewrapped] {
        let keys = some.compactMap(\.keyToRewrap)
        var wrapped: [WrappedKey] = []
        if !keys.isEmpty {
            wrapped = try await atToken { () throws(TokenError) in try await token.rewrap(keys) }
        }
        var rest = wrapped[...]
        let new = some.map { $0.wrapped == nil ? nil : rest.popFirst() }
        return zip(some, new).map { Rewrapped(record: $0, wrapped: $1) }
    }
}

/// A record with a rewrapped key, not sealed yet.
private struct Rewrapped: Sendable {
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
    fileprivate var keyToRewrap: KeyToRewrap? {
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
    public func rewrapped(_ wrapped: WrappedKey) -> VersionRecord {
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
    public func rewrapped(_ wrapped: WrappedKey) -> ImportJob {
        ImportJob(
            id: id, project: project, subject: subject, wrappingAlgorithm: wrappingAlgorithm, method: method,
            publicKey: publicKey, wrapped: wrapped, createdAt: createdAt, expiresAt: expiresAt)
    }
}
