import Foundation
import KMSTesting
import PKCS11
import Synchronization
import Testing
import TokenPKCS11

/// A token of the real SoftHSM, for one test only.
struct TestToken {
    let label: String
    let uri: PKCS11URI

    static let pin = "user-1234"

    static func make(withRoots hasRoots: Bool = true) async throws -> TestToken {
        try await Supply.made.value.take(withRoots: hasRoots)
    }

    /// Returns one of two tokens with the same label.
    static func twin() async throws -> TestToken { try await Supply.made.value.twin }

    fileprivate init(label: String) throws {
        self.label = label
        let pinPath = try Self.write(Self.pin)
        uri = try PKCS11URI("pkcs11:token=\(label)?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(pinPath)")
    }

    /// Returns the URI of the same token, with another file for its PIN.
    func uri(pin: String) throws -> PKCS11URI {
        var uri = uri
        uri.pinSource = "file:\(try Self.write(pin))"
        return uri
    }

    /// Makes a new file with the PIN.
    func pinFile() throws -> String { try Self.write(Self.pin) }

    /// Writes another text into a file of this token.
    func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    func open(
        workers: Int? = nil, handleCapacity: Int = 100, deadline: Duration = .seconds(5)
    ) async throws -> PKCS11Token {
        try await PKCS11Token.open(
            TokenConfiguration(uri: uri, workers: workers, deadline: deadline, handleCapacity: handleCapacity))
    }

    /// Works on the token directly, as the logged-in user.
    func withSession<Result>(_ body: (borrowing Session) throws -> Result) throws -> Result {
        let module = try Module.load(path: SoftHSMFolder.modulePath)
        defer { module.finalize() }
        guard let slot = try module.slots(withToken: true).first(where: { try $0.tokenInfo().label == label }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return try body(Self.login(to: slot))
    }

    private static func login(to slot: Slot) throws(PKCS11Error) -> Session {
        let session = try slot.openSession(.readWrite)
        do throws(PKCS11Error) {
            try session.login(.user, pin: PIN(pin.utf8))
        } catch .returned(.userAlreadyLoggedIn, _) {
            // Another connection of this process is already logged in.
        }
        return session
    }

    /// Writes a new file that only its owner can read.
    fileprivate static func write(_ text: String) throws -> String {
        let path = "\(SoftHSMFolder.path)/\(UUID().uuidString).pin"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }
}

/// All tokens of these tests, made before the first test gets one. SoftHSM does not lock its table of slots, so making a token
/// would disturb tests that use others.
private final class Supply: Sendable {
    let twin: TestToken
    private let rooted: Mutex<[TestToken]>
    private let bare: Mutex<[TestToken]>
    /// The module, kept in use so that SoftHSM is not initialised repeatedly, which renumbers the slots.
    private let module: Module

    static let made = Task { try await Supply() }

    private init() async throws {
        _ = SoftHSMFolder.path
        module = try Module.load(path: SoftHSMFolder.modulePath)
        var rooted: [TestToken] = []
        for number in 1...64 { rooted.append(try await Self.make("rooted-\(number)")) }
        var bare: [TestToken] = []
        for number in 1...23 { bare.append(try await Self.make("bare-\(number)")) }
        twin = try await Self.make("twin")
        // The service makes no second token with the same label; other tools do.
        let free = try module.slots(withToken: true).first { try !$0.tokenInfo().flags.contains(.isInitialized) }
        try free?.initializeToken(label: "twin", securityOfficerPIN: PIN(Self.officerPIN.utf8))
        for token in rooted { _ = try await TokenAdministration.makeRoots(token.uri) }
        self.rooted = Mutex(rooted)
        self.bare = Mutex(bare)
    }

    func take(withRoots hasRoots: Bool) throws -> TestToken {
        let token = hasRoots ? rooted.withLock { $0.popLast() } : bare.withLock { $0.popLast() }
        return try #require(token, "more tests than tokens")
    }

    private static let officerPIN = "officer-5678"

    private static func make(_ label: String) async throws -> TestToken {
        let token = try TestToken(label: label)
        let officer = PINSource.file(try TestToken.write(officerPIN))
        _ = try await TokenAdministration.initializeToken(
            token.uri, label: label, securityOfficerPIN: officer, userPIN: PINSource(token.uri.pinSource ?? ""))
        return token
    }
}
