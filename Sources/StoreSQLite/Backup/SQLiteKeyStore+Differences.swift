import GRDB
package import KeyManagement

extension SQLiteKeyStore {
    /// Returns the changes that are undone if the store in the file `older` replaces the one at `path`. Both are only read.
    package static func differences(
        of path: String, from older: String
    ) throws(StoreOpenError) -> [StoreDifference] {
        // A store that is open may have a write-ahead log, which a read-only connection cannot always read.
        let present = try readDocuments(path, readOnly: false) { try StoreSummary($0) }
        let former = try readDocuments(older) { try StoreSummary($0) }
        return present.differences(from: former)
    }
}

/// The parts of a store that are compared with those of a copy.
private struct StoreSummary {
    private var keys: [KeyID: (name: KeyName, revision: UInt64)] = [:]
    private var versions: [VersionID: VersionState] = [:]
    private var documents: [[String]: UInt64] = [:]

    init(_ db: Database) throws {
        try SQLiteKeyStore.records(in: db, "kind IN ('key', 'version', 'document')") { record in
            switch record {
            case .key(let key): keys[key.unverified.id] = (key.unverified.name, key.unverified.revision)
            case .version(let version): versions[version.unverified.id] = version.unverified.state
            case .document(let document):
                documents[[document.unverified.kind.rawValue, document.unverified.key]] = document.unverified.revision
            case .alias, .usage, .importJob, .answer, .tombstone, .shard: break
            }
        }
    }

    func differences(from former: StoreSummary) -> [StoreDifference] {
        keyDifferences(from: former) + versionDifferences(from: former) + documentDifferences(from: former)
    }

    private func keyDifferences(from former: StoreSummary) -> [StoreDifference] {
        var found: [StoreDifference] = []
        let changed = Set(versions.filter { former.versions[$0.key] != $0.value }.map(\.key.key))
        for (id, key) in keys.sorted(by: { $0.value.name < $1.value.name }) {
            guard let old = former.keys[id] else {
                found.append(.init(.lost, "key", "\(id)", "key \(key.name) was made since"))
                continue
            }
            guard key.revision != old.revision, !changed.contains(id) else { continue }
            found.append(.init(.goesBack, "key", "\(id)", "key \(key.name): settings or access were changed since"))
        }
        for (id, key) in former.keys.sorted(by: { $0.value.name < $1.value.name }) where keys[id] == nil {
            found.append(.init(.comesBack, "key", "\(id)", "key \(key.name) was deleted since"))
        }
        return found
    }

    private func versionDifferences(from former: StoreSummary) -> [StoreDifference] {
        var found: [StoreDifference] = []
        for (id, state) in versions.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let name = keys[id.key]?.name, former.keys[id.key] != nil else { continue }
            let version = "version \(id.number) of key \(name)"
            switch former.versions[id] {
            case nil: found.append(.init(.lost, "version", "\(id)", "\(version) was made since"))
            case state?: break
            case _? where state == .destroyed:
                found.append(.init(.comesBack, "version", "\(id)", "\(version) was destroyed since"))
            case let old?: found.append(.init(.goesBack, "version", "\(id)", "\(version): \(state), was \(old)"))
            }
        }
        return found
    }

    private func documentDifferences(from former: StoreSummary) -> [StoreDifference] {
        var found: [StoreDifference] = []
        for (place, revision) in documents.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let name = place.joined(separator: " ")
            switch former.documents[place] {
            case nil: found.append(.init(.lost, place[0], place[1], "\(name) was made since"))
            case revision?: break
            // A revoked credential would become valid again.
            case _?: found.append(.init(.goesBack, place[0], place[1], "\(name) was changed since"))
            }
        }
        return found
    }
}

extension StoreDifference {
    fileprivate init(_ consequence: Consequence, _ kind: String, _ name: String, _ detail: String) {
        self.init(consequence: consequence, kind: kind, name: name, detail: detail)
    }
}
