internal import CPKCS11
internal import Synchronization

/// A PKCS #11 library, loaded and initialized.
///
/// Slots and sessions keep their module alive. The library stays in memory until the last of them is gone, so that no
/// function pointer dangles; until ``finalize()`` or then, it stays initialized.
///
/// ## Threads
/// Modules are initialized with `CKF_OS_LOCKING_OK` (v2.40 §5.4): the module locks its own state, and calls may come
/// from any thread at any time. One that cannot refuses to load, with `CKR_CANT_LOCK`. What has to be kept to one
/// thread at a time is a ``Session``, and its type sees to it.
///
/// ## The same module twice
/// A process has one instance of a library. Loaded again by the same path it is the same: one login, one set of
/// sessions. `C_Finalize` runs when the last ``Module`` of a library is finalized. Until then it cannot be had with another
/// string for `C_Initialize`: NSS has one database at a time.
///
/// ## Fork
/// A child process must not use the modules of its parent (v2.40 §5.4), unless it starts another program first.
public final class Module: Sendable {
    /// The path that the module was loaded from, or the name it is registered under. For messages.
    public let location: String

    // Unsafe: the list lies in the library's own memory, is never written after loading, and is mapped until `deinit`
    // releases the library. Pointers to it do not leave this target.
    nonisolated(unsafe) let functions: UnsafePointer<CK_FUNCTION_LIST>

    private let unload: @Sendable () -> Void
    private let finalized = Atomic(false)

    /// Initializes a library that is loaded.
    ///
    /// - Parameters:
    ///   - initReserved: for the `pReserved` of `C_Initialize`.
    ///   - unload: gives the library back. Called once: when this throws, or when the module goes.
    init(
        _ functions: UnsafePointer<CK_FUNCTION_LIST>, location: String, initReserved: String? = nil,
        unload: @escaping @Sendable () -> Void
    ) throws(PKCS11Error) {
        self.functions = functions
        self.location = location
        self.unload = unload
        do throws(PKCS11Error) {
            try Initialization.begin(functions, location: location, reserved: initReserved)
        } catch {
            // There is nothing for `deinit` to finalize.
            finalized.store(true, ordering: .releasing)
            throw error
        }
    }

    deinit {
        finalize()
        unload()
    }

    /// Whether ``finalize()`` was called.
    public var isFinalized: Bool { finalized.load(ordering: .acquiring) }

    /// Ends the use of the module: closes its sessions, drops the login and session objects (`C_Finalize`, v2.40 §5.4).
    ///
    /// Afterwards every call through this object, its slots and sessions throws `CKR_CRYPTOKI_NOT_INITIALIZED` without
    /// entering the library. A second call does nothing.
    ///
    /// The owner calls it once, when no other thread is in a call any more: the standard leaves undefined what
    /// happens to a call that runs meanwhile. Call it before the process exits, too. What a library does by itself at
    /// exit comes in no certain order with what OpenSSL does, and SoftHSM has crashed there.
    public func finalize() {
        let first = finalized.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
            .exchanged
        if first { Initialization.end(functions) }
    }

    /// Version, manufacturer and description of the library (`C_GetInfo`, v2.40 §5.4).
    public func info() throws(PKCS11Error) -> ModuleInfo {
        var info = CK_INFO()
        try call(.getInfo, functions.pointee.C_GetInfo) { $0(&info) }
        return ModuleInfo(info)
    }
}
