internal import CPKCS11
internal import Synchronization

/// Which libraries of this process are initialized, and how many ``Module`` objects use each.
///
/// A library is initialized once for the process, however often it is loaded. p11-kit would count, but only for
/// modules that it wraps; on a module's own function list its `p11_kit_module_initialize` calls `C_Initialize(NULL)`,
/// which promises that no second thread will ever come. So both ends are done here.
enum Initialization {
    private struct Use {
        var count: Int
        /// False if somebody else in the process had initialized the library, who then finalizes it, too.
        let isOurs: Bool
    }

    /// By the address of the function list. Held during `C_Initialize` and `C_Finalize`, so that these never overlap.
    private static let uses = Mutex<[UInt: Use]>([:])

    /// Initializes the library, unless it is already.
    static func begin(_ functions: UnsafePointer<CK_FUNCTION_LIST>) throws(PKCS11Error) {
        try uses.withLock { (uses) throws(PKCS11Error) in
            let library = UInt(bitPattern: functions)
            if let use = uses[library], isInitialized(functions) {
                uses[library] = Use(count: use.count + 1, isOurs: use.isOurs)
                return
            }
            let result = initialize(functions)
            guard result == CKR_OK || result == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
                throw .returned(ReturnValue(rawValue: result), from: .initialize)
            }
            uses[library] = Use(count: (uses[library]?.count ?? 0) + 1, isOurs: result == CKR_OK)
        }
    }

    /// Finalizes the library after its last use.
    static func end(_ functions: UnsafePointer<CK_FUNCTION_LIST>) {
        uses.withLock { uses in
            let library = UInt(bitPattern: functions)
            guard let use = uses[library] else { return }
            uses[library] = use.count > 1 ? Use(count: use.count - 1, isOurs: use.isOurs) : nil
            guard use.count == 1, use.isOurs else { return }
            // Nothing is left to do about a module that fails to finalize, and nobody to tell.
            _ = functions.pointee.C_Finalize?(nil)
        }
    }

    /// Whether the library still says so: one that was lost with its device has to be initialized anew.
    private static func isInitialized(_ functions: UnsafePointer<CK_FUNCTION_LIST>) -> Bool {
        var info = CK_INFO()
        return functions.pointee.C_GetInfo?(&info) != CKR_CRYPTOKI_NOT_INITIALIZED
    }

    /// `C_Initialize` for many threads: the module locks with what the operating system has (v2.40 §5.4, case 2).
    private static func initialize(_ functions: UnsafePointer<CK_FUNCTION_LIST>) -> CK_RV {
        guard let entry = functions.pointee.C_Initialize else { return CKR_FUNCTION_NOT_SUPPORTED }
        // Unsafe: a string of p11-kit's, ours to free; modules that want it copy it during the call.
        let reserved = p11_kit_config_option(UnsafeMutablePointer(mutating: functions), "x-init-reserved")
        defer { cpkcs11_free(reserved) }
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CKF_OS_LOCKING_OK
        arguments.pReserved = UnsafeMutableRawPointer(reserved)
        return entry(&arguments)
    }
}
