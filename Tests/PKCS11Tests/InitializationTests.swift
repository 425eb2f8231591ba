import CPKCS11
import Synchronization
import Testing

@testable import PKCS11

@Suite(.serialized)
struct InitializationTests {
    private struct Calls: Equatable {
        var initialized = 0
        var finalized = 0
        var flags: [UInt] = []
        var reserved: [String?] = []
        var closed: [UInt] = []
    }

    private static let calls = Mutex(Calls())

    private static func fake(initialize: CK_C_Initialize? = nil) -> FakeModule {
        calls.withLock { $0 = Calls() }
        return FakeModule {
            $0.C_Initialize =
                initialize ?? { arguments in
                    let given = arguments?.assumingMemoryBound(to: CK_C_INITIALIZE_ARGS.self).pointee
                    let reserved = given?.pReserved.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
                    InitializationTests.calls.withLock {
                        $0.initialized += 1
                        $0.flags.append(given?.flags ?? 0)
                        $0.reserved.append(reserved)
                    }
                    return CKR_OK
                }
            $0.C_Finalize = { _ in
                InitializationTests.calls.withLock { $0.finalized += 1 }
                return CKR_OK
            }
            $0.C_CloseSession = { handle in
                InitializationTests.calls.withLock { $0.closed.append(handle) }
                return CKR_OK
            }
        }
    }

    private static var seen: Calls { calls.withLock { $0 } }

    @Test func `a module is told that many threads will come`() throws {
        _ = try Self.fake().load()
        #expect(Self.seen.flags == [CKF_OS_LOCKING_OK])
    }

    @Test func `a module gets its string, or none, as it is`() throws {
        let fake = Self.fake()
        try fake.load().finalize()
        try fake.load(initReserved: "configdir='sql:/a b' flags=").finalize()
        #expect(Self.seen.reserved == [nil, "configdir='sql:/a b' flags="])
    }

    @Test func `a library in use is not had with another string, and goes on with its own`() throws {
        let fake = Self.fake()
        let module = try fake.load(initReserved: "one")
        let refusal = PKCS11Error.moduleNotLoaded(
            path: "fake", reason: "this process has it in use with another x-init-reserved")
        #expect(throws: refusal) { try fake.load(initReserved: "two") }
        #expect(fake.unloads.withLock { $0 } == 1)
        let twin = try fake.load(initReserved: "one")
        let unconcerned = try fake.load()
        #expect(Self.seen.reserved == ["one"])
        for one in [module, twin, unconcerned] { one.finalize() }
        #expect(Self.seen.finalized == 1)
        try fake.load(initReserved: "two").finalize()
        #expect(Self.seen.reserved == ["one", "two"])
    }

    @Test func `a library is initialized once, and finalized after its last use`() throws {
        let fake = Self.fake()
        let first = try fake.load()
        let second = try fake.load()
        #expect(Self.seen.initialized == 1)
        first.finalize()
        first.finalize()
        #expect(Self.seen.finalized == 0)
        second.finalize()
        #expect(Self.seen.finalized == 1)
        let third = try fake.load()
        #expect(Self.seen.initialized == 2)
        third.finalize()
        #expect(Self.seen.finalized == 2)
    }

    @Test func `a library that somebody else initialized is left to them`() throws {
        let module = try Self.fake(initialize: { _ in CKR_CRYPTOKI_ALREADY_INITIALIZED }).load()
        module.finalize()
        #expect(Self.seen.finalized == 0)
    }

    @Test func `a module that does not initialize is unloaded`() throws {
        let fake = Self.fake(initialize: { _ in CKR_CANT_LOCK })
        #expect(throws: PKCS11Error.returned(.cantLock, from: .initialize)) { try fake.load() }
        #expect(fake.unloads.withLock { $0 } == 1)
        #expect(Self.seen.finalized == 0)
    }

    @Test func `a module that goes is finalized and unloaded, but not before its slots and sessions`() throws {
        let fake = Self.fake()
        do {
            let session = try fake.session()
            #expect(fake.unloads.withLock { $0 } == 0)
            #expect(session.slot.id == 0)
        }
        #expect(Self.seen.closed == [7])
        #expect(Self.seen.finalized == 1)
        #expect(fake.unloads.withLock { $0 } == 1)
    }

    @Test func `sessions close once, abandoned ones never, and none after the module is finalized`() throws {
        let fake = Self.fake()
        let module = try fake.load()
        let slot = Slot(id: 0, module: module)
        try slot.openSession(.readOnly).close()
        #expect(Self.seen.closed == [7])
        try slot.openSession(.readOnly).abandon()
        #expect(Self.seen.closed == [7])
        do {
            let session = try slot.openSession(.readOnly)
            module.finalize()
            #expect(session.slot == slot)
        }
        #expect(Self.seen.closed == [7])
    }
}
