import CBench
import Foundation
import KMSTesting
import PKCS11

/// A SoftHSM in this process, with keys for the loops of ``TokenWork``.
///
/// The library reads its configuration once, so a process has only one rig.
final class TokenRig {
    let slot: Slot
    // Unsafe: made in `init`, closed in `deinit`, used by this process's only thread.
    let plain: OpaquePointer
    let scratch: UnsafeMutableRawBufferPointer

    private init(_ slot: Slot, _ plain: OpaquePointer) {
        self.slot = slot
        self.plain = plain
        scratch = .allocate(byteCount: 1024, alignment: 16)
    }

    deinit {
        bench_token_close(plain)
        scratch.deallocate()
    }

    /// Makes a token, logs in, and runs `body` with a session that stays open meanwhile.
    static func with<Result>(
        _ site: Site, _ body: (TokenRig, borrowing Session) throws -> Result
    ) throws -> Result {
        try with(try Machine(site, "token-\(UUID().uuidString.prefix(8))", isReady: false), body)
    }

    /// Logs in to an existing token, and runs `body` with a session that stays open meanwhile.
    static func with<Result>(
        _ machine: Machine, _ body: (TokenRig, borrowing Session) throws -> Result
    ) throws -> Result {
        setenv("SOFTHSM2_CONF", machine.path("softhsm2.conf"), 1)
        let module = try Module.load(path: SoftHSMFolder.modulePath)
        defer { module.finalize() }
        guard let slot = try module.slots(withToken: true).first(where: { try $0.tokenInfo().label == Machine.label })
        else { throw BenchFailure("the token that was made is not there") }
        let session = try slot.openSession(.readWrite)
        let pin = try Data(contentsOf: URL(filePath: machine.path("pin")))
        try session.login(.user, pin: PIN(Array(pin)))
        guard let plain = bench_token_open(SoftHSMFolder.modulePath, slot.id) else {
            throw BenchFailure("the plain loop gets no session")
        }
        return try body(TokenRig(slot, plain), session)
    }

    /// Returns the object's number for the plain loop.
    func plainHandle(_ label: String) throws -> UInt {
        let handle = bench_token_find(plain, label)
        guard handle != 0 else { throw BenchFailure("the plain loop does not find \(label)") }
        return handle
    }
}
