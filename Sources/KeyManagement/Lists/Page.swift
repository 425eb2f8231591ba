/// One page of a list.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// The cursor of the next page; `nil` if this is the last one.
    public let next: ListCursor?
}

/// The number of items in a page: 1 to 1,000.
public struct PageLimit: Hashable, Sendable {
    public let count: Int

    public static let standard = PageLimit(known: 100)
    public static let largest = 1000

    /// Creates a limit.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `count` is 1 to 1,000.
    public init(_ count: Int) throws(KMSError) {
        guard (1...Self.largest).contains(count) else {
            throw .invalidRequest("the limit is 1 to \(Self.largest), not \(count)")
        }
        self.count = count
    }

    private init(known count: Int) { self.count = count }
}
