internal import CPKCS11
internal import Synchronization

/// A PKCS #11 library, loaded and initialized.
///
/// Slots and sessions keep their module alive. The library stays in memory until the last of them is released, so that no
/// function pointer dangles. It stays initialized until then, or until ``finalize()``.
///
/// ## Threads
/// Modules are initialized with `CKF_OS_LOCKING_OK` (v2.40 §5.4): the module locks its own state, and calls may come from any
/// thread at any time. A module that does not support this fails to load, with `CKR_CANT_LOCK`. Only a ``Session`` is limited to
/// one thread at a time, and its type enforces that.
///
/// ## The same module twice
/// A process has one instance of a library. Loading the same path again returns the same instance: one login, one set of
/// sessions. `C_Finalize` runs when the last ``Module`` of a library is finalized. Until then it cannot be initialized with
/// another string: NSS has one database at a time.
///
/// ## Fork
/// A child process must not use the modules of its parent (v2.40 §5.4), unless it starts another program first.
public final class Module: Sendable {
    /// The path from which the module was loaded, or its registered name. For messages.
    public let location: String

    // Unsafe: the list lies in the library's own memory, is never written after loading, and is mapped until `deinit`
    // releases the library. Pointers to it do not leave this target.
    nonisolated(unsafe) let functions: UnsafePointer<CK_FUNCTION_LIST>

    private let unload: @Sendable () -> Void
    private let finalized = Atomic(false)

    /// Initializes a loaded library.
    ///
    /// - Parameters:
    ///   - functions: the function list of the library.
    ///   - location: the path of the library.
    ///   - initReserved: for the `pReserved` of `C_Initialize`.
    ///   - unload: releases the library. Called once: when this throws, or when the module is deallocated.
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
            // Nothing is left for `deinit` to finalize.
            finalized.store(true, ordering: .releasing)
            throw error
        }
    }

    deinit {
        finalize()
        unload()
    }

    /// True if ``finalize()`` was called.
    public var isFinalized: Bool { finalized.load(ordering: .acquiring) }

    /// Ends the use of the module: closes its sessions, drops the login and session objects (`C_Finalize`, v2.40 §5.4).
    ///
    /// Afterwards every call through this object, its slots and sessions throws `CKR_CRYPTOKI_NOT_INITIALIZED` without entering
    /// the library. A second call does nothing.
    ///
    /// The owner must call it when no other thread is in a call, because the standard leaves the effect on a concurrent call
    /// undefined. Call it before the process exits, too. A library's own exit handlers run in no defined order with those of
    /// OpenSSL, and SoftHSM has crashed there.
    public func finalize() {
        let first = finalized.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
            .exchanged
        if first { Initialization.end(functions) }
    }

    /// Returns version, manufacturer and description of the library (`C_GetInfo`, v2.40 §5.4).
    public func info() throws(PKCS11Error) -> ModuleInfo {
        var info = CK_INFO()
        try call(.getInfo, functions.pointee.C_GetInfo) { $0(&info) }
        return ModuleInfo(info)
    }
}
