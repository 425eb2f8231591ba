/// A filter of the keys of a project. Properties that are `nil` match every key.
package struct KeyFilter: Sendable {
    package var state: KeyState?
    package var availability: KeyAvailability?
    package var algorithm: KeyAlgorithm?
    package var usage: KeyUsage?
    package var origin: KeyOrigin?
    /// The name of a tag, and its value; `nil` for any value.
    package var tag: (name: String, value: ExactText?)?
    /// The time before which the next automatic rotation must be due.
    package var rotationDueBefore: Timestamp?

    package static let all = KeyFilter()

    package init() {}

    /// Returns true if a key matches the filter.
    func matches(_ key: KeyRecord) -> Bool {
        if let state, key.state != state { return false }
        if let availability, key.availability != availability { return false }
        if let algorithm, key.algorithm != algorithm { return false }
        if let usage, key.usage != usage { return false }
        if let origin, key.origin != origin { return false }
        if let tag {
            guard let value = key.tags.pairs[tag.name], tag.value.map({ $0 == ExactText(value) }) ?? true else {
                return false
            }
        }
        if let rotationDueBefore {
            guard let rotation = key.rotation, rotation.dueAt < rotationDueBefore else { return false }
        }
        return true
    }

    /// The filter as text: a cursor of one filter is invalid for another.
    fileprivate var parts: [String] {
        [
            state?.rawValue, availability?.rawValue, algorithm?.rawValue, usage?.rawValue, origin?.rawValue, tag?.name,
            tag?.value?.text, rotationDueBefore.map { "\($0.milliseconds)" },
        ].map { $0.map { "=" + $0 } ?? "" }
    }

    fileprivate var matchesAll: Bool {
        state == nil && availability == nil && algorithm == nil && usage == nil && origin == nil && tag == nil
            && rotationDueBefore == nil
    }
}

extension KeyService {
    /// Returns the keys of the caller's project that match a filter, sorted by name.
    ///
    /// One call reads at most 10,000 keys. So a page may have fewer than `limit` items, or none, and still be followed by
    /// another.
    package func listKeys(
        _ filter: KeyFilter = .all, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by caller: Caller
    ) async throws(KMSError) -> Page<KeyRecord> {
        try await withAudit(.listKeys, by: caller) { (operation) throws(KMSError) in
            let scope = ListScope(["keys"] + filter.parts, for: caller.principal, in: caller.project)
            let step = filter.matchesAll ? limit.count + 1 : 1000
            var place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in try KeyName(text) }
            var found: [Sealed<KeyRecord>] = []
            var looked = 0
            while true {
                let (start, size) = (place, step)
                let stored = try await records.read { () throws(StoreError) in
                    try await reader.keys(in: caller.project, after: start, limit: size)
                }
                looked += stored.count
                found += stored.filter {
                    filter.matches($0.unverified) && Self.isListed($0.unverified, for: caller)
                }
                place = stored.last?.unverified.name ?? place
                let isLast = stored.count < step
                guard isLast || found.count > limit.count || looked >= 10_000 else { continue }
                let keys = try await records.verified(Array(found.prefix(limit.count)), of: caller.project)
                let next = found.count > limit.count ? keys.last?.name : isLast ? nil : place
                return Page(items: keys, next: try await self.cursor(at: next?.text, in: scope))
            }
        }
    }

    /// Returns true if the caller may list a key. A key that excludes the caller by access control is left out.
    private static func isListed(_ key: KeyRecord, for caller: Caller) -> Bool {
        if case .allowed = AccessPolicy.decide(.listKeys, on: key, for: caller.principal) { true } else { false }
    }
}
