import PKCS11
import Synchronization

/// A separate token for one suite or test, with a user that is logged in during the value's lifetime.
final class TestToken: Sendable {
    static let userPIN = PIN("1234-user".utf8)
    static let securityOfficerPIN = PIN("5678-officer".utf8)

    let slot: Slot
    let label: String
    /// The session that keeps the login: closing the last session with a token logs out.
    private let keeper: Mutex<Session>

    init(loggedIn: Bool = true) {
        (slot, label) = Self.unused.withLock { $0.removeFirst() }
        let slot = slot
        keeper = SoftHSM.required {
            let session = try slot.openSession(.readWrite)
            if loggedIn { try session.login(.user, pin: Self.userPIN) }
            return Mutex(session)
        }
    }

    /// Opens a session for one test.
    func session() throws -> sending Session { try slot.openSession(.readWrite) }

    /// The unused tokens. All are made before the first test runs: SoftHSM does not lock its table of slots, so making a token
    /// would disturb other threads.
    private static let unused = Mutex(SoftHSM.required { try (1...24).map(make) })

    private static func make(_ number: Int) throws -> (Slot, String) {
        let label = "test ö/; \(number)"
        // Listing makes SoftHSM offer a free slot, if none exists.
        let slots = try SoftHSM.module.slots(withToken: true)
        let free = try slots.first { try !$0.tokenInfo().flags.contains(.isInitialized) }!
        try free.initializeToken(label: label, securityOfficerPIN: securityOfficerPIN)
        let slot = try SoftHSM.module.slots(withToken: true).first { try $0.tokenInfo().label == label }!
        let session = try slot.openSession(.readWrite)
        try session.login(.securityOfficer, pin: securityOfficerPIN)
        try session.initializeUserPIN(userPIN)
        try session.logout()
        return (slot, label)
    }
}
