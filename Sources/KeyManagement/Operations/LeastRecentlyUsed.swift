/// A bounded dictionary that gives up what was not used for the longest time. Every call is O(1).
///
/// A plain value; its owner guards it.
package struct LeastRecentlyUsed<Key: Hashable, Value> {
    private struct Node {
        let key: Key
        var value: Value
        var newer: Int?
        var older: Int?
    }

    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var places: [Key: Int] = [:]
    private var newest: Int?
    private var oldest: Int?
    package let capacity: Int

    package init(capacity: Int) {
        precondition(capacity > 0, "a cache for nothing")
        self.capacity = capacity
    }

    package var count: Int { places.count }

    /// The value of `key`, which thereby becomes the one used last.
    package mutating func use(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return nodes[place]?.value
    }

    /// Sets the value of `key`, and answers what had to go for it: its former value, or the one used least recently.
    @discardableResult
    package mutating func insert(_ value: Value, for key: Key) -> Value? {
        var leaving: Value?
        if places[key] != nil {
            leaving = remove(key)
        } else if places.count >= capacity, let oldest, let key = nodes[oldest]?.key {
            leaving = remove(key)
        }
        let node = Node(key: key, value: value, newer: nil, older: nil)
        let place: Int
        if let hole = free.popLast() {
            place = hole
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[key] = place
        linkAsNewest(place)
        return leaving
    }

    @discardableResult
    package mutating func remove(_ key: Key) -> Value? {
        guard let place = places.removeValue(forKey: key) else { return nil }
        unlink(place)
        let value = nodes[place]?.value
        nodes[place] = nil
        free.append(place)
        return value
    }

    /// All values, in no order and without counting as a use.
    package var values: some Sequence<Value> { nodes.lazy.compactMap { $0?.value } }

    /// All keys with their values, in no order and without counting as a use.
    package var entries: some Sequence<(key: Key, value: Value)> {
        nodes.lazy.compactMap { $0.map { ($0.key, $0.value) } }
    }

    /// Empties the cache and answers what was in it.
    package mutating func removeAll() -> [Value] {
        let values = nodes.compactMap { $0?.value }
        self = LeastRecentlyUsed(capacity: capacity)
        return values
    }

    private mutating func unlink(_ place: Int) {
        guard let node = nodes[place] else { return }
        if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
        if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
        nodes[place]?.newer = nil
        nodes[place]?.older = nil
    }

    private mutating func linkAsNewest(_ place: Int) {
        nodes[place]?.older = newest
        if let newest { nodes[newest]?.newer = place } else { oldest = place }
        newest = place
    }
}
