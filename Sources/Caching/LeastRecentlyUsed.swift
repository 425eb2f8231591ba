/// A bounded dictionary that evicts the least recently used entry. Every call is O(1).
///
/// A plain value; its owner guards it. It is public and inlinable, not `package`, so that other modules specialise it: without that a
/// decryption takes 8 % more instructions.
public struct LeastRecentlyUsed<Key: Hashable, Value> {
    /// The indices of the neighbours in the order of use; -1 where there is none. They are separate from the entries, so that a
    /// use changes two numbers and copies no entry.
    @usableFromInline
    struct Links {
        @usableFromInline var newer: Int
        @usableFromInline var older: Int

        @inlinable
        init(newer: Int, older: Int) {
            self.newer = newer
            self.older = older
        }
    }

    @usableFromInline var places: [Key: Int] = [:]
    @usableFromInline var entries: [(key: Key, value: Value)?] = []
    @usableFromInline var links: [Links] = []
    @usableFromInline var free: [Int] = []
    @usableFromInline var newest = -1
    @usableFromInline var oldest = -1
    public let capacity: Int

    @inlinable
    public init(capacity: Int) {
        precondition(capacity > 0, "a cache for nothing")
        self.capacity = capacity
    }

    @inlinable public var count: Int { places.count }

    /// Returns the value of `key`, which becomes the most recently used one.
    @inlinable
    public mutating func use(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return entries[place]?.value
    }

    /// Sets the value of `key`, and returns the value that it displaced: the former value, or the least recently used one.
    @inlinable
    @discardableResult
    public mutating func insert(_ value: Value, for key: Key) -> Value? {
        var leaving: Value?
        if places[key] != nil {
            leaving = remove(key)
        } else if places.count >= capacity, let last = entries[oldest] {
            leaving = remove(last.key)
        }
        let place: Int
        if let hole = free.popLast() {
            place = hole
            entries[place] = (key, value)
        } else {
            place = entries.count
            entries.append((key, value))
            links.append(Links(newer: -1, older: -1))
        }
        places[key] = place
        linkAsNewest(place)
        return leaving
    }

    @inlinable
    @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let place = places.removeValue(forKey: key) else { return nil }
        unlink(place)
        let value = entries[place]?.value
        entries[place] = nil
        free.append(place)
        return value
    }

    /// All values, in no order and without counting as a use.
    public var values: some Sequence<Value> { entries.lazy.compactMap { $0?.value } }

    /// All keys with their values, in no order and without counting as a use.
    public var all: some Sequence<(key: Key, value: Value)> { entries.lazy.compactMap { $0 } }

    /// Empties the cache and returns its values.
    public mutating func removeAll() -> [Value] {
        let values = entries.compactMap { $0?.value }
        self = LeastRecentlyUsed(capacity: capacity)
        return values
    }

    @inlinable
    mutating func unlink(_ place: Int) {
        let link = links[place]
        if link.newer >= 0 { links[link.newer].older = link.older } else { newest = link.older }
        if link.older >= 0 { links[link.older].newer = link.newer } else { oldest = link.newer }
    }

    @inlinable
    mutating func linkAsNewest(_ place: Int) {
        links[place] = Links(newer: -1, older: newest)
        if newest >= 0 { links[newest].newer = place } else { oldest = place }
        newest = place
    }
}
