import Testing

@testable import Caching

@Suite
struct LeastRecentlyUsedTests {
    @Test func `gives up what was not used for the longest time`() {
        var cache = LeastRecentlyUsed<String, Int>(capacity: 3)
        #expect(cache.insert(1, for: "a") == nil)
        #expect(cache.insert(2, for: "b") == nil)
        #expect(cache.insert(3, for: "c") == nil)
        #expect(cache.use("a") == 1)
        #expect(cache.insert(4, for: "d") == 2, "b was used least recently")
        #expect(cache.use("b") == nil)
        #expect(cache.insert(5, for: "e") == 3, "then c")
        #expect(cache.insert(6, for: "f") == 1, "then a")
        #expect(cache.count == 3)
        #expect(cache.use("d") == 4 && cache.use("e") == 5 && cache.use("f") == 6)
    }

    @Test func `replaces the value of a key, answers the former one and counts it as used`() {
        var cache = LeastRecentlyUsed<String, Int>(capacity: 2)
        cache.insert(1, for: "a")
        cache.insert(2, for: "b")
        #expect(cache.insert(3, for: "a") == 1)
        #expect(cache.count == 2)
        #expect(cache.insert(4, for: "c") == 2, "b is the oldest now")
        #expect(cache.use("a") == 3)
    }

    @Test func `forgets what is removed, wherever it stands, and uses the place again`() {
        for removed in ["a", "b", "c"] {
            var cache = LeastRecentlyUsed<String, Int>(capacity: 3)
            for (value, key) in ["a", "b", "c"].enumerated() { cache.insert(value, for: key) }
            #expect(cache.remove(removed) != nil)
            #expect(cache.remove(removed) == nil)
            #expect(cache.use(removed) == nil)
            #expect(cache.count == 2)
            #expect(cache.insert(9, for: "d") == nil, "there is room")
            let order = ["a", "b", "c"].filter { $0 != removed }
            #expect(cache.insert(10, for: "e") == ["a", "b", "c"].firstIndex(of: order[0]))
            #expect(cache.insert(11, for: "f") == ["a", "b", "c"].firstIndex(of: order[1]))
            #expect(cache.insert(12, for: "g") == 9)
        }
    }

    @Test func `works with room for one`() {
        var cache = LeastRecentlyUsed<Int, Int>(capacity: 1)
        #expect(cache.insert(1, for: 1) == nil)
        #expect(cache.use(1) == 1)
        #expect(cache.insert(2, for: 2) == 1)
        #expect(cache.use(1) == nil)
        #expect(cache.remove(2) == 2)
        #expect(cache.count == 0)
        #expect(cache.insert(3, for: 3) == nil)
        #expect(cache.removeAll() == [3])
        #expect(cache.count == 0 && cache.use(3) == nil)
        #expect(cache.insert(4, for: 4) == nil)
    }

    @Test(arguments: [1, 2, 3, 8, 50]) func `does what a naive list does, 20,000 random steps long`(_ capacity: Int) {
        var generator = Linear(state: UInt64(capacity))
        var cache = LeastRecentlyUsed<Int, Int>(capacity: capacity)
        var model: [(key: Int, value: Int)] = []  // the newest last
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<(2 * capacity + 2), using: &generator)
            let place = model.firstIndex { $0.key == key }
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                let found = place.map { model.remove(at: $0) }
                if let found { model.append(found) }
                #expect(cache.use(key) == found?.value)
            case 4..<9:
                let leaving =
                    place.map { model.remove(at: $0) } ?? (model.count == capacity ? model.removeFirst() : nil)
                model.append((key, step))
                #expect(cache.insert(step, for: key) == leaving?.value)
            default:
                let found = place.map { model.remove(at: $0) }
                #expect(cache.remove(key) == found?.value)
            }
            #expect(cache.count == model.count)
        }
        #expect(Set(cache.removeAll()) == Set(model.map(\.value)))
    }

    /// Random numbers that are the same in each run (Knuth's MMIX constants).
    struct Linear: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }
}
