/// One page of a list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// The cursor of the next page; `nil` if this is the last one.
    package let next: ListCursor?
}

/// The number of items in a page: 1 to 1,000.
package struct PageLimit: Hashable, Sendable {
    package let count: Int

    package static let standard = PageLimit(known: 100)
    package static let maxCount = 1000

    /// Creates a limit.
    ///
    /// - Throws: ``KMSError/invalidRequest(_:)`` unless `count` is 1 to 1,000.
    package init(_ count: Int) throws(KMSError) {
        guard (1...Self.maxCount).contains(count) else {
            throw .invalidRequest("the limit is 1 to \(Self.maxCount), not \(count)")
        }
        self.count = count
    }

    private init(known count: Int) { self.count = count }
}
