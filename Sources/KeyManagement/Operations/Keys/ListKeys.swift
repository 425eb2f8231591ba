/// One page of a list.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// What to ask for the next page with; nil when this is the last one.
    public let next: ListCursor?
}

/// How many items a page has: 1 to 1,000.
public struct PageLimit: Hashable, Sendable {
    public let count: Int

    public static let standard = PageLimit(known: 100)
    public static let largest = 1000

    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `count` is 1 to 1,000.
    public init(_ count: Int) throws(KMSError) {
        guard (1...Self.largest).contains(count) else {
            throw .invalidRequest("the limit is 1 to \(Self.largest), not \(count)")
        }
        self.count = count
    }

    private init(known count: Int) { self.count = count }
}

/// Which keys of a project are wanted. What is nil does not matter.
public struct KeyFilter: Sendable {
    public var state: KeyState?
    public var availability: KeyAvailability?
    public var algorithm: KeyAlgorithm?
    public var usage: KeyUsage?
    public var origin: KeyOrigin?
    /// The name of a tag, and its value unless any will do.
    public var tag: (name: String, value: ExactText?)?
    /// Keys that are rotated by themselves, and before this.
    public var rotationDueBefore: Timestamp?

    public static let all = KeyFilter()

    public init() {}

    /// Whether a key is one of those wanted.
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

    /// Which keys are wanted, as text: a cursor of one filter is none of another.
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
    /// The keys of the caller's project that a filter wants, sorted by name.
    ///
    /// One call looks at 10,000 keys at most: a page may have fewer keys than `limit`, even none, and another one after it.
    public func listKeys(
        _ filter: KeyFilter = .all, after cursor: ListCursor? = nil, limit: PageLimit = .standard, by caller: Caller
    ) async throws(KMSError) -> Page<KeyRecord> {
        try await perform(.listKeys, by: caller) { (act) throws(KMSError) in
            let scope = ListScope(["keys"] + filter.parts, for: caller.principal, in: caller.project)
            let step = filter.matchesAll ? limit.count + 1 : 1000
            var place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in try KeyName(text) }
            var found: [Sealed<KeyRecord>] = []
            var looked = 0
            while true {
                let (start, size) = (place, step)
                let stored = try await records.read { () throws(StoreError) in
                    try await store.keys(in: caller.project, after: start, limit: size)
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

    /// A key whose access control does not list the caller is not listed for the caller.
    private static func isListed(_ key: KeyRecord, for caller: Caller) -> Bool {
        if case .allowed = AccessPolicy.decide(.listKeys, on: key, for: caller.principal) { true } else { false }
    }

    /// The versions of a key, the newest first.
    public func listVersions(
        of reference: KeyReference, after cursor: ListCursor? = nil, limit: PageLimit = .standard,
        for action: KeyAction = .describeKey, by caller: Caller
    ) async throws(KMSError) -> Page<VersionRecord> {
        try await perform(.describeKey, by: caller) { (act) throws(KMSError) in
            let key = try await authorize(reference, with: .none, for: act.narrowed(to: action)).record
            let scope = ListScope(["versions", "\(key.id)"], for: caller.principal, in: caller.project)
            let place = try await place(of: cursor, in: scope) { (text) throws(KMSError) in
                guard let number = VersionNumber(text) else { throw .invalidCursor }
                return number
            }
            let stored = try await records.read { () throws(StoreError) in
                try await store.versions(of: key.id, before: place, limit: limit.count + 1)
            }
            let isLast = stored.count <= limit.count
            let versions = try await records.verified(
                Array(stored.prefix(limit.count)), of: key, before: place, isLast: isLast)
            let next = isLast ? nil : versions.last?.id.number.description
            return Page(items: versions, next: try await self.cursor(at: next, in: scope))
        }
    }
}
