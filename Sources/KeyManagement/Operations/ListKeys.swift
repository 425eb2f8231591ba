/// One page of a list.
public struct Page<Item: Sendable, Cursor: Sendable>: Sendable {
    public let items: [Item]
    /// What to ask for the next page with; nil when this is the last one.
    public let next: Cursor?
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

extension KeyService {
    /// The keys of the caller's project, sorted by name.
    public func listKeys(
        after cursor: KeyName? = nil, limit: PageLimit = .standard, by caller: Caller
    ) async throws(KMSError) -> Page<KeyRecord, KeyName> {
        try caller.require(.listKeys)
        let stored = try await records.read { () throws(StoreError) in
            try await store.keys(in: caller.project, after: cursor, limit: limit.count + 1)
        }
        let keys = try await records.verified(Array(stored.prefix(limit.count)), of: caller.project)
        return Page(items: keys, next: stored.count > limit.count ? keys.last?.name : nil)
    }

    /// The versions of a key, the newest first.
    public func listVersions(
        of reference: KeyReference, before cursor: VersionNumber? = nil, limit: PageLimit = .standard, by caller: Caller
    ) async throws(KMSError) -> Page<VersionRecord, VersionNumber> {
        try caller.require(.describeKey)
        let key = try await key(reference, for: caller)
        let stored = try await records.read { () throws(StoreError) in
            try await store.versions(of: key.id, before: cursor, limit: limit.count + 1)
        }
        let isLast = stored.count <= limit.count
        let versions = try await records.verified(
            Array(stored.prefix(limit.count)), of: key, before: cursor, isLast: isLast)
        return Page(items: versions, next: isLast ? nil : versions.last?.id.number)
    }
}
