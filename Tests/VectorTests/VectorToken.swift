import KMSTesting
import PKCS11

/// The only token of this process: the real SoftHSM, with session objects only.
final class VectorToken: Sendable {
    private let slot: Slot
    /// The session that keeps the login: a token drops it with the last session.
    private let keeper: UnwrappedKeyCache

    static let shared = Result { try VectorToken() }

    private final class UnwrappedKeyCache: @unchecked Sendable {
        // Sendable: opened once, and never used again.
        let session: Session

        init(slot: Slot) throws(PKCS11Error) {
            let pin = PIN("user-1234".utf8)
            let officer = PIN("officer-5678".utf8)
            try slot.initializeToken(label: "vectors", securityOfficerPIN: officer)
            session = try slot.openSession(.readWrite)
            try session.login(.securityOfficer, pin: officer)
            try session.initializeUserPIN(pin)
            try session.logout()
            try session.login(.user, pin: pin)
        }
    }

    private init() throws {
        _ = SoftHSMFolder.path
        let module = try Module.load(path: SoftHSMFolder.modulePath)
        guard
            let free = try module.slots(withToken: true).first(where: {
                try !$0.tokenInfo().flags.contains(.isInitialized)
            })
        else { throw PKCS11Error.returned(.tokenNotPresent, from: .getSlotList) }
        keeper = try UnwrappedKeyCache(slot: free)
        slot = free
    }

    /// Runs calls on a separate session; objects that they make disappear with it.
    static func withSession<Result>(_ body: (borrowing Session) throws -> Result) throws -> Result {
        let session = try shared.get().slot.openSession(.readOnly)
        return try body(session)
    }
}

/// Returns the result of an attempt to reverse an operation in a token; `nil` if the token refused.
func attempt<Value>(_ body: () throws -> Value) -> Value? {
    do {
        return try body()
    } catch {
        return nil
    }
}
