import KMSTesting
import KeyManagement
import Testing

@testable import PKCS11
@testable import TokenPKCS11

@Suite struct HandleCacheTests {
    private static func key(_ blob: UInt8) -> VersionKey {
        VersionKey(
            id: VersionID(key: KeyID(), number: .first), algorithm: .aes256GCM96,
            wrapped: WrappedKey(mechanism: .aesKW, epoch: .first, blob: [blob]))
    }

    private static func handle(_ number: UInt) -> ObjectHandle { ObjectHandle(rawValue: number) }

    @Test func `what was inserted is found for its own blob only`() {
        var cache = HandleCache(capacity: 2)
        let key = Self.key(1)
        #expect(cache.begin(key) == nil)
        let lease = cache.insert(Self.handle(10), for: key).lease
        #expect(cache.begin(key)?.handle == Self.handle(10))
        _ = cache.end(lease)
        let rewrapped = VersionKey(
            id: key.id, algorithm: key.algorithm, wrapped: WrappedKey(mechanism: .aesKW, epoch: .first, blob: [2]))
        #expect(cache.begin(rewrapped) == nil)
    }

    @Test func `the handle that was not used for longest goes first`() {
        var cache = HandleCache(capacity: 2)
        let keys = [Self.key(1), Self.key(2), Self.key(3)]
        for (number, key) in keys.prefix(2).enumerated() {
            #expect(cache.end(cache.insert(Self.handle(UInt(number)), for: key).lease) == nil)
        }
        if let lease = cache.begin(keys[0]) { _ = cache.end(lease) }
        #expect(cache.insert(Self.handle(2), for: keys[2]).garbage == Self.handle(1))
        #expect(cache.begin(keys[1]) == nil)
        #expect(cache.begin(keys[0]) != nil)
        #expect(cache.count == 2)
    }

    @Test func `a handle in use is destroyed only when its last user is done`() {
        var cache = HandleCache(capacity: 1)
        let first = Self.key(1)
        let (lease, _) = cache.insert(Self.handle(1), for: first)
        let again = cache.begin(first)
        let (other, garbage) = cache.insert(Self.handle(2), for: Self.key(2))
        #expect(garbage == nil)
        #expect(cache.end(lease) == nil)
        #expect(again.flatMap { cache.end($0) } == Self.handle(1))
        #expect(cache.end(other) == nil)
    }

    @Test func `a version that is forgotten goes at once, or with its last user`() {
        var cache = HandleCache(capacity: 4)
        let (idle, used) = (Self.key(1), Self.key(2))
        #expect(cache.end(cache.insert(Self.handle(1), for: idle).lease) == nil)
        let lease = cache.insert(Self.handle(2), for: used).lease
        #expect(cache.remove(idle.id) == Self.handle(1))
        #expect(cache.remove(used.id) == nil)
        #expect(cache.end(lease) == Self.handle(2))
        #expect(cache.remove(used.id) == nil)
    }

    @Test func `a dead handle is dropped, but not the one that took its place`() {
        var cache = HandleCache(capacity: 4)
        let key = Self.key(1)
        let dead = cache.insert(Self.handle(1), for: key).lease
        let fresh = cache.insert(Self.handle(2), for: key).lease
        #expect(cache.remove(dead, of: key.id) == nil)
        #expect(cache.begin(key)?.handle == Self.handle(2))
        #expect(cache.remove(fresh, of: key.id) == nil)
        #expect(cache.begin(key) == nil)
    }
}
