import PKCS11
import Testing

@Suite
struct ModuleTests {
    static let token = TestToken()

    @Test func `a module that is finalized throws and is not entered, others of the same library go on`() throws {
        let slot = Self.token.slot
        let module = try Module.load(path: SoftHSM.path)
        let twin = try module.slots(withToken: true).first { $0.id == slot.id }!
        let session = try twin.openSession(.readWrite)
        module.finalize()
        module.finalize()
        #expect(module.isFinalized)
        #expect(throws: PKCS11Error.returned(.cryptokiNotInitialized, from: .getInfo)) { try module.info() }
        #expect(throws: PKCS11Error.returned(.cryptokiNotInitialized, from: .getSlotList)) {
            try module.slots(withToken: true)
        }
        #expect(throws: PKCS11Error.returned(.cryptokiNotInitialized, from: .getTokenInfo)) { try twin.tokenInfo() }
        #expect(throws: PKCS11Error.returned(.cryptokiNotInitialized, from: .generateRandom)) {
            try session.generateRandom(count: 1)
        }
        #expect(try slot.tokenInfo().label == Self.token.label)
    }

    @Test func `slots of two loads of a library are not equal, slots of one are`() throws {
        let module = try Module.load(path: SoftHSM.path)
        let twin = try module.slots(withToken: true).first { $0.id == Self.token.slot.id }!
        #expect(twin != Self.token.slot)
        #expect(try module.slots(withToken: true).contains(twin))
    }

    @Test func `a file that is not there does not load, and the reason says so`() throws {
        let error = try #require(throws: PKCS11Error.self) { try Module.load(path: "/nonexistent/module.so") }
        guard case .moduleNotLoaded("/nonexistent/module.so", let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains("No such file"))
        #expect(error.code == nil && error.function == nil)
    }

    @Test func `a library that is no module does not load`() throws {
        let error = try #require(throws: PKCS11Error.self) { try Module.load(path: "/lib/x86_64-linux-gnu/libm.so.6") }
        guard case .moduleNotLoaded(_, let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains("C_GetFunctionList"))
    }

    @Test func `a registered module is found by its name, and is the same library`() throws {
        let label = Self.token.label
        let module = try Module.registered(named: "softhsm2")
        #expect(module.location == "softhsm2")
        #expect(try module.slots(withToken: true).contains { try $0.tokenInfo().label == label })
    }

    @Test func `a name that is not registered does not load`() throws {
        let error = try #require(throws: PKCS11Error.self) { try Module.registered(named: "no-such-module") }
        guard case .moduleNotLoaded("no-such-module", _) = error else {
            Issue.record("\(error)")
            return
        }
    }
}
