import PKCS11
import Synchronization

/// A token that was made for one suite, with a user who is logged in as long as the value lives.
final class TestToken: Sendable {
    static let userPIN = PIN("1234-user".utf8)
    static let securityOfficerPIN = PIN("5678-officer".utf8)

    let slot: Slot
    let label: String
    /// The session that keeps the login; also the one that short tests use.
    private let keeper: Mutex<Session>

    /// New tokens are made one at a time: each takes the one slot that is free.
    private static let making = Mutex(())

    init(label: String, loggedIn: Bool = true) throws {
        self.label = label
        slot = try Self.making.withLock { _ in try Self.make(label) }
        let session = try slot.openSession(.readWrite)
        if loggedIn { try session.login(.user, pin: Self.userPIN) }
        keeper = Mutex(session)
    }

    private static func make(_ label: String) throws -> Slot {
        let free = try SoftHSM.module.slots(withToken: true).first { try !$0.tokenInfo().flags.contains(.isInitialized) }
        try free!.initializeToken(label: label, securityOfficerPIN: securityOfficerPIN)
        let slot = try SoftHSM.module.slots(withToken: true).first { try $0.tokenInfo().label == label }!
        let session = try slot.openSession(.readWrite)
        try session.login(.securityOfficer, pin: securityOfficerPIN)
        try session.initializeUserPIN(userPIN)
        try session.logout()
        return slot
    }

    /// A session of its own for one test.
    func session() throws -> sending Session { try slot.openSession(.readWrite) }
}
