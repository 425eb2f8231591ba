/// A shard whose sum was verified, as it is kept in memory: 16 bytes per member.
///
/// A member is represented by two tags of 8 bytes. One is of its place, under a random key of this process; the other is of the
/// keyed hash of place and digest. A plain value that does no I/O.
struct VerifiedShard: Sendable {
    /// The row of the shard that this process last read or wrote.
    let shard: StateShard
    let sum: Sum256
    /// The tags of the places, sorted.
    private var places: [UInt64] = []
    private var elements: [UInt64] = []

    /// Creates a shard that has never had a member.
    init(empty index: ShardIndex) {
        shard = StateShard(index: index, counter: 0, count: 0, blind: [], sum: [])
        sum = .zero
    }

    /// Adds up the members of a shard; `nil` if they do not match the shard's sum.
    init?(_ shard: StateShard, _ members: [StateMember], by hash: MultisetHash) {
        guard shard.count == UInt64(members.count), shard.counter > 0 else { return nil }
        var sum = Sum256.zero
        var tags: [(place: UInt64, element: UInt64)] = []
        tags.reserveCapacity(members.count)
        for member in members {
            guard let digest = member.digest, member.shard == shard.index else { return nil }
            let element = hash.element(place: member.place, digest: digest)
            sum = sum + element
            tags.append((Self.tag(of: member.place), element.high))
        }
        guard sum + hash.mask(of: shard.index, counter: shard.counter, blind: shard.blind) == Sum256(shard.sum) else {
            return nil
        }
        tags.sort { $0.place < $1.place }
        self.shard = shard
        self.sum = sum
        places = tags.map(\.place)
        elements = tags.map(\.element)
    }

    private init(_ shard: StateShard, _ sum: Sum256, _ places: [UInt64], _ elements: [UInt64]) {
        self.shard = shard
        self.sum = sum
        self.places = places
        self.elements = elements
    }

    /// Returns true if the shard has a member at this place.
    func has(_ place: [UInt8]) -> Bool { index(of: Self.tag(of: place)) != nil }

    /// Returns true if the shard has exactly this at the place: a record of this digest, or none.
    func agrees(_ place: [UInt8], _ digest: [UInt8]?, by hash: MultisetHash) -> Bool {
        guard let index = index(of: Self.tag(of: place)) else { return digest == nil }
        guard let digest else { return false }
        return elements[index] == hash.element(place: place, digest: digest).high
    }

    /// Returns the shard after an edit.
    ///
    /// - Parameters:
    ///   - changes: the old and the new member of each place; `nil` for none.
    ///   - blind: the new random bytes of the shard.
    ///   - hash: the hash of multisets.
    func changed(
        _ changes: [(place: [UInt8], old: [UInt8]?, new: [UInt8]?)], blind: [UInt8], by hash: MultisetHash
    ) -> VerifiedShard {
        var (sum, places, elements) = (sum, places, elements)
        for change in changes {
            let tag = Self.tag(of: change.place)
            if let old = change.old {
                sum = sum - hash.element(place: change.place, digest: old)
                if let index = Self.index(of: tag, in: places) {
                    places.remove(at: index)
                    elements.remove(at: index)
                }
            }
            if let new = change.new {
                let element = hash.element(place: change.place, digest: new)
                sum = sum + element
                let index = Self.lowerBound(of: tag, in: places)
                places.insert(tag, at: index)
                elements.insert(element.high, at: index)
            }
        }
        let (counter, index) = (shard.counter + 1, shard.index)
        let masked = sum + hash.mask(of: index, counter: counter, blind: blind)
        let shard = StateShard(
            index: index, counter: counter, count: UInt64(places.count), blind: blind, sum: masked.bytes)
        return VerifiedShard(shard, sum, places, elements)
    }

    private func index(of tag: UInt64) -> Int? { Self.index(of: tag, in: places) }

    private static func index(of tag: UInt64, in places: [UInt64]) -> Int? {
        let index = lowerBound(of: tag, in: places)
        return index < places.count && places[index] == tag ? index : nil
    }

    private static func lowerBound(of tag: UInt64, in places: [UInt64]) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < tag { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Returns the tag of a place under the process's random seed, so that an attacker cannot construct two places with the
    /// same tag.
    private static func tag(of place: [UInt8]) -> UInt64 {
        var hasher = Hasher()
        place.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
