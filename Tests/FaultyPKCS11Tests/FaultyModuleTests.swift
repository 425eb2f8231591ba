import Foundation
import KMSTesting
import PKCS11
import Testing
import ThreadExecutor

/// The module that misbehaves on command, over the real SoftHSM. A process has only one environment and one control file, so the
/// tests run one after the other.
@Suite(.serialized) struct FaultyModuleTests {
    private static let faulty = FaultyModule(in: SoftHSMFolder.path, mirrors: 1)
    private static let module = Result {
        for (name, value) in faulty.environment { setenv(name, value, 1) }
        let module = try Module.load(path: FaultyModule.path)
        try makeToken(in: module)
        return module
    }
    private static let pin = PIN("user-1234".utf8)

    private var faulty: FaultyModule { Self.faulty }

    private static func makeToken(in module: Module) throws {
        guard let free = try module.slots(withToken: true).first else { throw CocoaError(.fileNoSuchFile) }
        try free.initializeToken(label: "faulty", securityOfficerPIN: officerPIN)
        // SoftHSM renumbers the slot.
        for slot in try module.slots(withToken: true) where try slot.tokenInfo().label == "faulty" {
            try initializePIN(on: slot)
            return
        }
    }

    private static func initializePIN(on slot: Slot) throws(PKCS11Error) {
        let session = try slot.openSession(.readWrite)
        try session.login(.securityOfficer, pin: officerPIN)
        try session.initializeUserPIN(pin)
        try session.logout()
    }

    private static let secret: Template = [
        .class(.secretKey), .keyType(.genericSecret), .valueLength(32), .sign(true),
    ]

    private static let officerPIN = PIN("officer-5678".utf8)

    init() throws {
        try faulty.clear()
        faulty.forgetFired()
    }

    private func slots() throws -> [Slot] {
        try Self.module.get().slots(withToken: true).filter { try $0.tokenInfo().label == "faulty" }
    }

    private func session() throws -> Session {
        guard let slot = try slots().first else { throw CocoaError(.fileNoSuchFile) }
        return try Self.login(to: slot)
    }

    private static func login(to slot: Slot) throws(PKCS11Error) -> Session {
        let session = try slot.openSession(.readWrite)
        do throws(PKCS11Error) {
            try session.login(.user, pin: pin)
        } catch .returned(.userAlreadyLoggedIn, _) {
            // Another test's session is still open.
        }
        return session
    }

    /// Returns the error of a call; `#expect(throws:)` cannot borrow a session.
    private func failure(_ body: () throws(PKCS11Error) -> Void) -> PKCS11Error? {
        do throws(PKCS11Error) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `without a rule it does what the module does`() throws {
        let session: Session = try self.session()
        #expect(try session.generateRandom(count: 32).count == 32)
        #expect(faulty.fired.isEmpty)
    }

    @Test func `a chosen function returns a chosen code on chosen calls`() throws {
        let session: Session = try self.session()
        try faulty.set("C_GenerateRandom return CKR_DEVICE_ERROR calls=2-3")
        let codes = (0..<5).map { _ in
            failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code
        }
        #expect(codes == [nil, .deviceError, .deviceError, nil, nil])
        #expect(faulty.fired == ["C_GenerateRandom return", "C_GenerateRandom return"])
        try faulty.set("C_GetSessionInfo,C_GenerateRandom return 0x80001234 calls=2")
        #expect(failure { () throws(PKCS11Error) in _ = try session.info() }?.code?.rawValue == 0x8000_1234)
        #expect(
            failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code?.rawValue
                == 0x8000_1234)
        #expect(failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) } == nil)
    }

    @Test func `an answer is lost after the module has done its work`() throws {
        let session: Session = try self.session()
        try faulty.set("C_Logout after CKR_FUNCTION_FAILED calls=1")
        #expect(failure { () throws(PKCS11Error) in try session.logout() } == .returned(.functionFailed, from: .logout))
        #expect(try session.info().state.isUserLoggedIn == false)
    }

    @Test func `calls are delayed, for a time`() throws {
        let session: Session = try self.session()
        try faulty.set("C_GenerateRandom delay 60ms for=1s")
        let start = ContinuousClock.now
        _ = try session.generateRandom(count: 8)
        let took = ContinuousClock.now - start
        #expect(took >= .milliseconds(60) && took < .milliseconds(900))
    }

    @Test func `what it does is not told where that is not wanted`() throws {
        let session: Session = try self.session()
        setenv("FAULTY_PKCS11_SILENT", "1", 1)
        defer { unsetenv("FAULTY_PKCS11_SILENT") }
        try faulty.set("C_GenerateRandom return CKR_DEVICE_MEMORY calls=1")
        #expect(failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code == .deviceMemory)
        #expect(faulty.fired.isEmpty)
    }

    @Test func `a call hangs until it may go on`() async throws {
        let slot = try #require(try slots().first)
        try faulty.set("C_GenerateRandom hang")
        async let hanging = Self.random(on: slot)
        while faulty.fired.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        // Other calls continue meanwhile.
        #expect(try slots().count == 2)
        try faulty.clear()
        #expect(try await hanging == 8)
    }

    private static func random(on slot: Slot) async throws -> Int {
        try await onOwnThread("random") { try slot.openSession(.readOnly).generateRandom(count: 8).count }
    }

    @Test func `output is shortened, and a bit of it flipped`() throws {
        let session: Session = try self.session()
        let key = try session.generateKey(.genericSecretKeyGen, Self.secret)
        let right = try session.sign([1, 2, 3], with: key, .sha256HMAC)
        try faulty.set("C_Sign short 2 calls=1", "C_Sign garble calls=2-2")
        #expect(try session.sign([1, 2, 3], with: key, .sha256HMAC) == right.dropLast(2))
        let garbled = try session.sign([1, 2, 3], with: key, .sha256HMAC)
        #expect(zip(garbled, right).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +) == 1)
        #expect(try session.sign([1, 2, 3], with: key, .sha256HMAC) == right)
    }

    @Test func `sessions are really closed, and the user is really logged out`() throws {
        let session: Session = try self.session()
        try faulty.set("C_GenerateRandom logout calls=1")
        _ = try session.generateRandom(count: 8)
        #expect(try session.info().state.isUserLoggedIn == false)
        try faulty.set("C_GenerateRandom invalidate-sessions calls=1")
        #expect(
            failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code
                == .sessionHandleInvalid)
        try faulty.clear()
        #expect(failure { () throws(PKCS11Error) in _ = try session.info() }?.code == .sessionHandleInvalid)
        session.abandon()
    }

    @Test func `a device is away for a while, and its sessions for ever`() async throws {
        let session: Session = try self.session()
        let id = session.slot.id
        try faulty.set("slot=\(id) * device-lost for=300ms")
        #expect(failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code == .deviceRemoved)
        #expect(try !slots().map(\.id).contains(id), "the list of slots with a token does not show it")
        #expect(failure { () throws(PKCS11Error) in _ = try session.slot.tokenInfo() }?.code == .deviceRemoved)
        while try !slots().map(\.id).contains(id) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(
            failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code
                == .sessionHandleInvalid)
        session.abandon()
        #expect(try self.session().generateRandom(count: 8).count == 8)
    }

    @Test func `what is lost stays lost for each call, whichever function found out`() throws {
        let session: Session = try self.session()
        let key = try session.generateKey(.genericSecretKeyGen, Self.secret)
        try faulty.set("C_Sign device-lost")
        #expect(try session.generateRandom(count: 8).count == 8)
        #expect(
            failure { () throws(PKCS11Error) in _ = try session.sign([1], with: key, .sha256HMAC) }?.code
                == .deviceRemoved)
        for _ in 0..<2 {
            #expect(
                failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code == .deviceRemoved)
        }
        #expect(try slots().isEmpty)
        session.abandon()
    }

    @Test func `asking for the slots is enough to lose one`() throws {
        let session: Session = try self.session()
        try faulty.set("slot=\(session.slot.id) * device-lost")
        #expect(try slots().count == 1)
        try faulty.clear()
        #expect(failure { () throws(PKCS11Error) in _ = try session.info() }?.code == .sessionHandleInvalid)
        session.abandon()
    }

    @Test func `a hang for a time ends by itself`() throws {
        let session: Session = try self.session()
        try faulty.set("C_GenerateRandom hang for=50ms")
        #expect(try session.generateRandom(count: 8).count == 8)
        #expect(faulty.fired == ["C_GenerateRandom hang"])
    }

    @Test func `what a rule can do nothing to is not counted`() throws {
        let session: Session = try self.session()
        try faulty.set("* invalidate-sessions calls=1")
        // No session and no slot.
        _ = try Self.module.get().info()
        #expect(faulty.fired.isEmpty)
        #expect(failure { () throws(PKCS11Error) in _ = try session.info() }?.code == .sessionHandleInvalid)
        session.abandon()
        #expect(faulty.fired == ["C_GetSessionInfo invalidate-sessions"])
        let other: Session = try self.session()
        faulty.forgetFired()
        try faulty.set("C_Sign garble calls=1")
        let key = try other.generateKey(.genericSecretKeyGen, Self.secret)
        // The first call asks for the length, so it has no output to garble. The second fails, so it has none either.
        #expect(
            failure { () throws(PKCS11Error) in _ = try other.sign([1], with: key, .rsaPKCS) } != nil)
        #expect(faulty.fired.isEmpty)
        _ = try other.sign([1], with: key, .sha256HMAC)
        #expect(faulty.fired == ["C_Sign garble"])
    }

    @Test func `a mirror is another slot with another serial number and the same keys`() throws {
        let slots = try slots()
        let serials = Set(try slots.map { try $0.tokenInfo().serialNumber })
        #expect(slots.count == 2 && serials.count == 2)
        let session: Session = try self.session()
        let label = "shown-twice"
        let key = try session.generateKey(
            .genericSecretKeyGen,
            [
                .class(.secretKey), .keyType(.genericSecret), .valueLength(32), .sign(true), .token(true),
                .label(label),
            ] as Template)
        let last = try #require(slots.last)
        let mirror = try last.openSession(.readOnly)
        #expect(try mirror.info().slotID == last.id)
        let same = try #require(try mirror.findObjects([.label(label)]).first)
        let (left, right) = (
            try mirror.sign([1], with: same, .sha256HMAC), try session.sign([1], with: key, .sha256HMAC)
        )
        #expect(left == right)
        // One is lost, the other is not.
        let first = try #require(slots.first)
        try faulty.set("slot=\(first.id) * device-lost")
        #expect(failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code == .deviceRemoved)
        #expect(try mirror.generateRandom(count: 8).count == 8)
        session.abandon()
    }

    @Test func `what is not understood is told, and the rest is done`() throws {
        let session: Session = try self.session()
        let lines = [
            "C_Sign", "C_Sign dance", "C_Sign return CKR_NOTHING", "C_Sign delay 5", "C_Sign hang calls=0",
            "C_Sing hang", "C_Sign,C_Sing hang", "C_Sign short 2x", "C_Login garble", "C_GenerateRandom short 1",
            "C_GetInfo invalidate-sessions", "C_OpenSession logout", "* device-lost calls=1", "slot= C_Sign hang",
            "C_Sign hang calls=1 for=1s",
        ]
        for line in lines {
            faulty.forgetFired()
            try faulty.set(line, "C_GenerateRandom return CKR_DEVICE_MEMORY calls=1")
            #expect(
                failure { () throws(PKCS11Error) in _ = try session.generateRandom(count: 8) }?.code == .deviceMemory)
            #expect(faulty.fired.first == "error: \(line)")
        }
    }
}
