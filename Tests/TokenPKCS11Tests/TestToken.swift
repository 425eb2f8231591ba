import Foundation
import KMSTesting
import PKCS11
import ThreadExecutor
import TokenPKCS11

/// A token of the real SoftHSM, made for one test.
struct TestToken {
    let label: String
    let uri: PKCS11URI

    static let pin = "user-1234"
    private static let officerPIN = "officer-5678"

    /// - Parameter label: of its own, unless a test wants two tokens with the same.
    static func make(withRoots hasRoots: Bool = true, label: String = "t-\(UUID().uuidString.prefix(12))") async throws
        -> TestToken
    {
        let folder = SoftHSMFolder.path
        let module = "module-path=\(SoftHSMFolder.modulePath)"
        let pinPath = try write(pin, to: "\(folder)/\(UUID().uuidString).pin")
        let officerPath = try write(officerPIN, to: "\(folder)/\(UUID().uuidString).so-pin")
        let uri = try PKCS11URI("pkcs11:token=\(label)?\(module)&pin-source=file:\(pinPath)")
        await onOwnThread("test-token") { SoftHSMFolder.initializing.wait() }
        defer { SoftHSMFolder.initializing.signal() }
        _ = try await TokenAdministration.initializeToken(
            uri, label: label, securityOfficerPIN: .file(officerPath), userPIN: .file(pinPath))
        if hasRoots { _ = try await TokenAdministration.makeRoots(uri) }
        return TestToken(label: label, uri: uri)
    }

    /// The same token, with another file for its PIN.
    func uri(pin: String) throws -> PKCS11URI {
        let path = try Self.write(pin, to: "\(SoftHSMFolder.path)/\(UUID().uuidString).pin")
        return try PKCS11URI("pkcs11:token=\(label)?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:\(path)")
    }

    func open(workers: Int? = nil, handleCapacity: Int = 100) async throws -> PKCS11Token {
        try await PKCS11Token.open(TokenConfiguration(uri: uri, workers: workers, handleCapacity: handleCapacity))
    }

    /// Works on the token directly, as the user.
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
            // Another connection of this process has.
        }
        return session
    }

    @discardableResult
    private static func write(_ text: String, to path: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }
}
