import Encodings
internal import Synchronization

// The part of `kms store verify` that compares records with the state digest.

extension KeyService {
    /// Returns findings about records that are not the newest of their places, and about shards with wrong sums.
    func outdated(
        _ page: [StoredRecord], of kind: RecordKind, after: RecordPlace?, _ limit: Int
    ) async throws(KMSError) -> [String] {
        var findings: [String] = []
        var doubtful: [Disagreement] = []
        for record in page {
            if case .shard(let shard) = record { findings += try await finding(about: shard.unverified.index) }
            for claim in record.claims {
                switch try await doubt(claim) {
                case .none: break
                case .disagreement(let disagreement): doubtful.append(disagreement)
                // The shard itself is checked in its turn.
                case .brokenShard: break
                }
            }
        }
        guard !doubtful.isEmpty else { return findings }
        // The records may have changed since they were read.
        let again: [StoredRecord]
        do throws(StoreError) {
            again = try await reader.page(of: kind, before: .last, after: after, limit: limit).records
        } catch .malformed(let name) {
            return findings + ["\(name) cannot be decoded"]
        } catch {
            throw KMSError(error)
        }
        let claims = Set(again.flatMap(\.claims))
        for disagreement in doubtful where claims.contains(disagreement.claim) {
            guard case .disagreement(disagreement) = try await doubt(disagreement.claim) else { continue }
            findings.append("\(disagreement.claim.name) is not the newest, or was added")
        }
        return findings
    }

    /// Returns findings about digests of wrapped keys of one epoch that the state digest does not contain, and the next
    /// position.
    ///
    /// - Parameters:
    ///   - epoch: the first epoch to check; `nil` for the first of the store.
    ///   - after: the last digest that was checked; `nil` for the beginning of the epoch.
    ///   - limit: the maximum number of digests to check.
    func foreignBlobs(
        from epoch: RootEpoch?, after: [UInt8]?, limit: Int
    ) async throws(KMSError) -> (findings: [String], next: StoreCursor?) {
        let epochs = try await atStore { () throws(StoreError) in try await reader.blobEpochs() }.sorted()
        guard let current = epochs.first(where: { $0 >= (epoch ?? $0) }) else { return ([], nil) }
        let following = epochs.first { $0 > current }.map { StoreCursor(.blobs($0, after: nil)) }
        let page: [WrappedBlob]
        do throws(StoreError) {
            page = try await reader.blobs(under: current, after: current == epoch ? after : nil, limit: limit)
        } catch .malformed(let name) {
            // A row that cannot be read ends its epoch, because the rows behind it have no known start.
            return (["\(name) cannot be read; others under root epoch \(current) were not checked"], following)
        } catch {
            throw KMSError(error)
        }
        var findings: [String] = []
        for blob in page {
            do throws(KMSError) {
                try await requireMember(blob, under: current)
            } catch .recordTampered(let name) {
                findings.append("\(name) is not the newest, or was added")
            }
        }
        if page.count >= limit, let last = page.last {
            return (findings, StoreCursor(.blobs(current, after: last.digest)))
        }
        return (findings, following)
    }

    /// Requires that a wrapped key was stored under this epoch, and for this owner.
    ///
    /// - Throws: ``KMSError/recordTampered(_:)``.
    func requireMember(_ blob: WrappedBlob, under epoch: RootEpoch) async throws(KMSError) {
        let claim = StateClaim(
            .blob(blob, under: epoch), blob.stateDigest,
            "the wrapped key \(Hexadecimal.text(Array(blob.digest.prefix(8)))) of \(blob.owner.name) under root epoch \(epoch)"
        )
        try await records.newest { () throws(StoreError) in
            ()
        } claims: {
            [claim]
        }
    }

    /// Counts the records of the store.
    ///
    /// - Returns: a finding if records are missing or superfluous; empty otherwise.
    package func missing() async throws(KMSError) -> [String] {
        let totals = try await atStore { () throws(StoreError) in try await reader.stateTotals() }
        return totals.finding.map { [$0] } ?? []
    }

    private enum Doubt {
        case none
        case disagreement(Disagreement)
        case brokenShard
    }

    private func doubt(_ claim: StateClaim) async throws(KMSError) -> Doubt {
        do throws(KMSError) {
            return try await state.check([claim], in: records.cache.withLock { $0.moment.generation })
                .map { .disagreement($0) } ?? .none
        } catch .recordTampered {
            return .brokenShard
        }
    }

    private func finding(about shard: ShardIndex) async throws(KMSError) -> [String] {
        do throws(KMSError) {
            _ = try await state.load(shard, in: nil, try await state.hash())
            return []
        } catch .recordTampered(let name) {
            return ["\(name) does not add up, or was set back"]
        }
    }
}

extension StoredRecord {
    /// The claims that must hold for the record to be believed.
    fileprivate var claims: [StateClaim] {
        guard let stateful else { return [] }
        var claims = [stateful.stateClaim]
        if case .key(let key) = self {
            let edit = StateEdit.name(of: key.unverified)
            claims.append(StateClaim(edit.place, edit.digest, "the name of key \(key.unverified.id)"))
        }
        return claims
    }
}
