import CPKCS11
import Synchronization
import Testing

@testable import PKCS11

@Suite
struct SessionTests {
    static let token = TestToken()

    @Test func `a read-only session makes no token objects`() throws {
        let session = try Self.token.slot.openSession(.readOnly)
        #expect(try session.info().state == .readOnlyUser)
        #expect(throws: PKCS11Error.returned(.sessionReadOnly, from: .generateKey)) {
            try session.generateKey(.aesKeyGen, [.valueLength(32), .token(true)])
        }
    }

    @Test func `closing a session destroys its objects`() throws {
        let session = try Self.token.session()
        let key = try session.generateKey(.aesKeyGen, [.valueLength(32), .token(false)])
        let other = try Self.token.session()
        #expect(try other.number(.valueLength, of: key) == 32)
        try session.close()
        #expect(throws: PKCS11Error.returned(.objectHandleInvalid, from: .getAttributeValue)) {
            try other.number(.valueLength, of: key)
        }
    }

    /// The number of calls that entered the counting module.
    private static let entries = Mutex(0)

    @Test func `a scope that has ended lets none of its sessions reach the module, not even to close`() throws {
        let module = try FakeModule {
            $0.C_GetSessionInfo = { _, _ in
                SessionTests.entries.withLock { $0 += 1 }
                return CKR_OK
            }
            $0.C_CloseSession = { _ in
                SessionTests.entries.withLock { $0 += 1 }
                return CKR_OK
            }
        }.load()
        let scope = SessionScope()
        do {
            let slot = Slot(id: 0, module: module)
            let session = try slot.openSession(.readOnly, in: scope)
            let other = try slot.openSession(.readOnly)
            _ = try session.info()
            #expect(Self.entries.withLock { $0 } == 1)
            scope.end()
            #expect(throws: PKCS11Error.returned(.sessionClosed, from: .getSessionInfo)) { try session.info() }
            #expect(Self.entries.withLock { $0 } == 1)
            _ = try other.info()
        }
        // The other session's call and its end.
        #expect(Self.entries.withLock { $0 } == 3)
    }

    @Test func `a session that goes away closes`() throws {
        let other = try Self.token.session()
        let key: ObjectHandle
        do {
            let session = try Self.token.session()
            key = try session.generateKey(.aesKeyGen, [.valueLength(32), .token(false)])
        }
        #expect(throws: PKCS11Error.returned(.objectHandleInvalid, from: .getAttributeValue)) {
            try other.number(.valueLength, of: key)
        }
    }

    @Test func `after all sessions are closed each call says so, and an abandoned session closes no other`() throws {
        let token = TestToken()
        let session = try token.session()
        try token.slot.closeAllSessions()
        #expect(throws: PKCS11Error.returned(.sessionHandleInvalid, from: .getSessionInfo)) { try session.info() }
        session.abandon()
        // The keeper of the test token is dead as well, so the login is gone.
        #expect(try token.session().info().state == .readWritePublic)
    }

    @Test func `a session can be kept in a mutex, and handed to an actor`() async throws {
        let guarded = Mutex(try Self.token.session())
        #expect(try guarded.withLock { session in try session.generateRandom(count: 4).count } == 4)
        let owner = Owner(try Self.token.session())
        #expect(try await owner.random().count == 8)
    }

    private actor Owner {
        private let session: Session

        init(_ session: consuming sending Session) {
            self.session = session
        }

        func random() throws -> [UInt8] { try session.generateRandom(count: 8) }
    }

    @Test func `many threads, each with a session, do not disturb one another`() async throws {
        let keeper = try Self.token.session()
        let key = try keeper.generateKey(.aesKeyGen, [.valueLength(32), .encrypt(true), .decrypt(true)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in UInt8(0)..<4 {
                group.addTask {
                    let session = try Self.token.session()
                    for round in UInt8(0)..<100 {
                        let mechanism = Mechanism.aesGCM(
                            iv: [task, round] + Array(repeating: 0, count: 10), aad: [task])
                        let ciphertext = try session.encrypt([task, round], with: key, mechanism)
                        #expect(try session.decrypt(ciphertext, with: key, mechanism) == [task, round])
                    }
                }
            }
            try await group.waitForAll()
        }
        try keeper.destroyObject(key)
    }
}
